#include "core/store/content_type.h"

namespace vkv {
namespace {

// Bytes of an integer, least significant first.
class IntegerCode {
 public:
  IntegerCode(const CounterOptions& options)
      : size_(static_cast<std::size_t>(options.byte_length)),
        big_(options.encoding == ByteOrder::big) {
    if (options.byte_length < 1 || options.byte_length > 8) {
      throw InvalidArgument("byte_length must be 1 to 8, not " +
                            std::to_string(options.byte_length));
    }
  }

  Bytes encode(__int128 value) const {
    const __int128 limit = static_cast<__int128>(1) << (8 * size_ - 1);
    if (value < -limit || value >= limit) {
      throw InvalidArgument("counter overflows " + std::to_string(size_) + " bytes");
    }
    Bytes bytes(size_, '\0');
    for (std::size_t i = 0; i < size_; ++i) bytes[place(i)] = static_cast<char>(value >> (8 * i));
    return bytes;
  }

  std::int64_t decode(BytesView bytes) const {
    if (bytes.size() != size_) {
      throw InvalidArgument("counter of " + std::to_string(bytes.size()) + " bytes, not " +
                            std::to_string(size_));
    }
    std::uint64_t bits = 0;
    for (std::size_t i = size_; i-- > 0;) {
      bits = bits << 8 | static_cast<unsigned char>(bytes[place(i)]);
    }
    // Moves the sign to the top bit and back.
    const std::size_t unused = 64 - 8 * size_;
    return static_cast<std::int64_t>(bits << unused) >> unused;
  }

 private:
  std::size_t place(std::size_t i) const { return big_ ? size_ - 1 - i : i; }

  std::size_t size_;
  bool big_;
};

}  // namespace

ContentType<std::int64_t> counter(const CounterOptions& options) {
  using Side = ContentType<std::int64_t>::Side;
  const IntegerCode code(options);
  return {
      .encode = [code](const std::int64_t& value) { return code.encode(value); },
      .decode = [code](BytesView bytes) { return code.decode(bytes); },
      .merge = [code](const Side& old, const Side& ours, const Side& theirs) -> Side {
        if (!ours || !theirs) throw MergeDeclined();
        const auto sum = static_cast<__int128>(*ours) + *theirs - old.value_or(0);
        return code.decode(code.encode(sum));
      },
      .adds_up = true,
  };
}

ContentType<Bytes> last_writer_wins() {
  using Side = ContentType<Bytes>::Side;
  return {
      .encode = [](const Bytes& value) { return value; },
      .decode = [](BytesView bytes) { return Bytes(bytes); },
      .merge = [](const Side&, const Side&, const Side& theirs) { return theirs; },
  };
}

}  // namespace vkv
