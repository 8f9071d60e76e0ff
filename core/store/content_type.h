// Content types: how an application's values become bytes, and merge.
#pragma once

#include <cstdint>

#include "core/store/merge_function.h"

namespace vkv {

template <typename T>
struct ContentType {
  using Side = std::optional<T>;

  std::function<Bytes(const T&)> encode;
  // Throws when the bytes are no T; that is then the merge error of the key.
  std::function<T(BytesView)> decode;
  // As MergeFn, on decoded values: a removed side is absent, and no result is a removal. May be
  // empty: such keys merge as if they had no content type.
  std::function<Side(const Side& old, const Side& ours, const Side& theirs)> merge;
  // Whether equal changes add up; see MergeFn.
  bool adds_up = false;

  MergeFn as_merge_fn() const;
};

template <typename T>
MergeFn ContentType<T>::as_merge_fn() const {
  if (!merge) return {};
  const auto fn = [type = *this](MergeFn::Side old, MergeFn::Side ours,
                                 MergeFn::Side theirs) -> std::optional<Bytes> {
    const auto decoded = [&](const MergeFn::Side& bytes) {
      return bytes ? Side(type.decode(*bytes)) : Side();
    };
    const Side merged = type.merge(decoded(old), decoded(ours), decoded(theirs));
    if (!merged) return std::nullopt;
    return type.encode(*merged);
  };
  return adds_up ? MergeFn::adding_up(fn) : MergeFn(fn);
}

enum class ByteOrder { big, little };

struct CounterOptions {
  ByteOrder encoding = ByteOrder::big;
  int byte_length = 8;  // 1 to 8, or InvalidArgument
};

// Signed integers in two's complement; concurrent changes add up, equal ones too: ours + theirs -
// old, where old counts as 0 when absent. A removed side declines; an overflow or a wrong length is
// a merge error. The default encoding is that of SQL's integers.
ContentType<std::int64_t> counter(const CounterOptions& options = {});

// Bytes as they are; theirs wins, be it a value or a removal.
ContentType<Bytes> last_writer_wins();

}  // namespace vkv
