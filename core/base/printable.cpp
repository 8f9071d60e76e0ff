#include "core/base/printable.h"

#include <algorithm>

namespace vkv {
namespace {

constexpr std::size_t kLongest = 64;

// Length of the well-formed UTF-8 character `text` starts with; 0 when there is none. The ranges of
// the second byte are those of table 3-7 of the Unicode standard: no overlong forms, no surrogates.
std::size_t utf8_character(BytesView text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || size > text.size()) return 0;
  const unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return size;
}

bool shown_as_is(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != 0x7f && byte != '\\';
}

}  // namespace

std::string printable(BytesView bytes) {
  std::string out = "'";
  BytesView rest = bytes;
  while (!rest.empty()) {
    const std::size_t character = utf8_character(rest);
    const std::size_t taken = std::max<std::size_t>(character, 1);
    if (bytes.size() - rest.size() + taken > kLongest) break;
    if (character > 0 && shown_as_is(rest[0])) {
      out += rest.substr(0, character);
    } else {
      out += "\\x" + to_hex(rest.substr(0, 1));
    }
    rest.remove_prefix(taken);
  }
  out += rest.empty() ? "'" : "'...";
  return out;
}

}  // namespace vkv
