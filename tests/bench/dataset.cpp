#include "tests/bench/dataset.h"

#include <cstring>

namespace vkv::bench {

std::uint64_t mix(std::uint64_t n) {
  n += 0x9e3779b97f4a7c15;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}

Key::Key(std::uint64_t number) : text_{} {
  static constexpr std::string_view kPrefix = "user/";
  std::memcpy(text_.data(), kPrefix.data(), kPrefix.size());
  for (std::size_t i = text_.size(); i-- > kPrefix.size(); number >>= 4) {
    text_[i] = "0123456789abcdef"[number & 15];
  }
}

Dataset::Dataset() : text_(1 << 20, ' ') {
  Random random(1);
  for (char& c : text_) c = "abcdefghijklmnopqrstuvwxyz      "[random.below(32)];
}

std::string_view Dataset::value(std::uint64_t row, std::uint64_t version) const {
  const std::uint64_t offset = mix(row + mix(version)) % (text_.size() - kValueSize);
  return std::string_view(text_).substr(offset, kValueSize);
}

}  // namespace vkv::bench
