#include "core/base/printable.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace vkv {
namespace {

constexpr std::size_t kLongest = 64;

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
