#include "ext/table_name.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/sqlite.h"

namespace vkv::ext {
namespace {

// What ends an identifier that `open` begins; NUL when it begins none.
char closing_quote(char open) {
  switch (open) {
    case '"':
    case '`':
      return open;
    case '[':
      return ']';
    default:
      return '\0';
  }
}

// Takes a quoted identifier off the front; absent when its end is missing. The quote itself is
// written twice inside, except for ], which cannot be.
std::optional<std::string> take_quoted(std::string_view& rest, char quote) {
  std::string name;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == quote) {
      if (quote == ']' || !rest.substr(i + 1).starts_with(quote)) {
        rest.remove_prefix(i + 1);
        return name;
      }
      ++i;
    }
    name += rest[i];
  }
  return {};
}

std::optional<std::string> take_part(std::string_view& rest) {
  if (rest.empty()) return {};
  if (const char quote = closing_quote(rest[0])) return take_quoted(rest, quote);
  std::string name(rest.substr(0, rest.find('.')));
  rest.remove_prefix(name.size());
  if (name.empty()) return {};
  return name;
}

}  // namespace

TableName parse_table_name(std::string_view text) {
  const auto refuse = [&] { return InvalidArgument(printable(text) + " is not a table's name"); };
  if (text.find('\0') != std::string_view::npos) throw refuse();
  std::string_view rest = text;
  auto first = take_part(rest);
  if (!first) throw refuse();
  if (rest.empty()) return {{}, std::move(*first)};
  if (!rest.starts_with('.')) throw refuse();
  rest.remove_prefix(1);
  auto second = take_part(rest);
  if (!second || !rest.empty()) throw refuse();
  return {std::move(first), std::move(*second)};
}

bool same_name(const std::string& a, const std::string& b) {
  return sqlite3_stricmp(a.c_str(), b.c_str()) == 0;
}

}  // namespace vkv::ext
