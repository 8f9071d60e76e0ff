#include "ext/table_arguments.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>

#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv::ext {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool is_quote(char c) { return c == '\'' || c == '"'; }

// The text between quotes, where the quote itself is written twice; absent when `text` is not
// exactly one quoted text.
std::optional<std::string> unquoted(std::string_view text) {
  const char quote = text[0];
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      if (i + 1 == text.size()) return value;
      if (text[++i] != quote) return {};
    }
    value += text[i];
  }
  return {};
}

std::optional<std::string> value_of(std::string_view text) {
  if (text.empty()) return {};
  if (is_quote(text[0])) return unquoted(text);
  if (text.find_first_of("'\"") != std::string_view::npos) return {};
  return std::string(text);
}

struct KnownArgument {
  std::string_view name;
  std::optional<std::string> TableArguments::*value;
};
constexpr KnownArgument kArguments[] = {
    {"type", &TableArguments::type},
    {"branch", &TableArguments::branch},
    {"store", &TableArguments::store},
    {"namespace", &TableArguments::name_space},
    {"ref", &TableArguments::ref},
    {"high_water_bytes", &TableArguments::high_water_bytes},
    {"low_water_bytes", &TableArguments::low_water_bytes},
};
constexpr std::string_view kViewArguments[] = {"store", "namespace", "branch", "ref"};

// Where the value of the argument called `name` goes; null when there is no such argument.
std::optional<std::string>* find_argument(TableArguments& arguments, std::string_view name) {
  for (const KnownArgument& known : kArguments) {
    if (known.name == name) return &(arguments.*known.value);
  }
  return nullptr;
}

bool is_for_views(std::string_view name) {
  return std::find(std::begin(kViewArguments), std::end(kViewArguments), name) !=
         std::end(kViewArguments);
}

void check_view(const TableArguments& arguments) {
  for (const KnownArgument& known : kArguments) {
    if (!(arguments.*known.value) || is_for_views(known.name)) continue;
    throw InvalidArgument("argument " + printable(known.name) +
                          " is not for a view: its store has it");
  }
  if (arguments.branch && arguments.ref) {
    throw InvalidArgument("a view is of a 'branch' or of a version, 'ref', not of both");
  }
  if (!arguments.branch && !arguments.ref && !arguments.name_space) {
    throw InvalidArgument("argument 'store' needs 'namespace', 'branch' or 'ref' beside it");
  }
  const auto& name = arguments.name_space;
  if (name && (name->empty() || name->front() == '/' || name->back() == '/')) {
    throw InvalidArgument("argument 'namespace' must not be empty, nor start or end with a slash");
  }
}

void check_table(const TableArguments& arguments) {
  if (arguments.name_space || arguments.ref) {
    throw InvalidArgument(std::string("argument ") + (arguments.ref ? "'ref'" : "'namespace'") +
                          " needs 'store', the table to show");
  }
  if (arguments.type && arguments.type != "versioned" && arguments.type != "live") {
    throw InvalidArgument("argument 'type' must be versioned or live, not " +
                          printable(*arguments.type));
  }
  if (!arguments.is_live()) return;
  for (const KnownArgument& known : kArguments) {
    if (known.name == "type" || !(arguments.*known.value)) continue;
    throw InvalidArgument("argument " + printable(known.name) +
                          " is not for a live table, which has no versions");
  }
}

std::int64_t positive_number(const char* name, const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && parsed == end && number > 0) return number;
  throw InvalidArgument(std::string("argument '") + name +
                        "' must be a whole number of bytes above 0, not " + printable(text));
}

}  // namespace

TableArguments parse_table_arguments(std::span<const char* const> arguments) {
  TableArguments parsed;
  for (const char* const argument : arguments) {
    const std::string_view text = trimmed(argument);
    const std::size_t equals = text.find('=');
    const std::string_view name = trimmed(text.substr(0, equals));
    auto* const place = find_argument(parsed, name);
    if (place == nullptr) throw InvalidArgument("unknown argument " + printable(name));
    if (place->has_value())
      throw InvalidArgument("argument " + printable(name) + " is given twice");
    if (equals != std::string_view::npos) *place = value_of(trimmed(text.substr(equals + 1)));
    if (!place->has_value()) {
      throw InvalidArgument("argument " + printable(text) + " must be " + std::string(name) +
                            "=value, the value bare, 'quoted' or \"quoted\"");
    }
  }
  parsed.store ? check_view(parsed) : check_table(parsed);
  return parsed;
}

bool is_view_of_a_store(std::span<const char* const> arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const char* argument) {
    const std::string_view text = trimmed(argument);
    return trimmed(text.substr(0, text.find('='))) == "store";
  });
}

std::optional<WaterMarks> water_marks(const TableArguments& arguments) {
  const auto& [high, low] = std::tie(arguments.high_water_bytes, arguments.low_water_bytes);
  if (!high) {
    if (low) throw InvalidArgument("argument 'low_water_bytes' needs 'high_water_bytes'");
    return std::nullopt;
  }
  WaterMarks marks = WaterMarks::below(positive_number("high_water_bytes", *high));
  if (low) marks.low = positive_number("low_water_bytes", *low);
  if (!marks.valid()) {
    throw InvalidArgument("argument 'low_water_bytes' must not be above 'high_water_bytes'");
  }
  return marks;
}

}  // namespace vkv::ext
