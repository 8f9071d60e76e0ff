#include "ext/options.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/printable.h"
#include "ext/guard.h"
#include "ext/timestamp.h"

namespace vkv::ext {
namespace {

using Json = nlohmann::json;

// "a, b or c".
template <typename Names>
std::string listed(const Names& names, const char* conjunction) {
  std::string list;
  std::size_t left = names.size();
  for (const auto& name : names) {
    list += name;
    if (--left > 0) list += left == 1 ? std::string(" ") + conjunction + " " : ", ";
  }
  return list;
}

std::string described(const Json& value) {
  if (value.is_string()) return "the string " + printable(value.get_ref<const std::string&>());
  return printable(value.dump());
}

}  // namespace

Options::Options(std::string label) : label_(std::move(label)) {}

Options::Options(std::string label, BytesView text) : label_(std::move(label)) {
  try {
    given_ = std::make_unique<const Json>(Json::parse(canonical_json_object(text)));
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(label_ + ": " + error.what() + ": " + printable(text));
  }
}

Options::~Options() = default;

bool Options::flag(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number_integer() && (*value == 0 || *value == 1)) return *value == 1;
  refuse_type(name, "true or false", *value);
}

std::optional<Bytes> Options::text(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse_type(name, "a string", *value);
  return value->get<std::string>();
}

std::size_t Options::choice(const char* name, std::initializer_list<std::string_view> choices) {
  const std::optional<Bytes> value = text(name);
  if (!value) return 0;
  const auto found = std::find(choices.begin(), choices.end(), *value);
  if (found == choices.end()) {
    refuse(name, "must be " + listed(choices, "or") + ", not " + printable(*value));
  }
  return static_cast<std::size_t>(found - choices.begin());
}

std::optional<Bytes> Options::object(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) refuse_type(name, "an object", *value);
  return value->dump();
}

std::optional<std::vector<std::string>> Options::texts(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto is_string = [](const Json& element) { return element.is_string(); };
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_string)) {
    refuse_type(name, "an array of strings", *value);
  }
  return value->get<std::vector<std::string>>();
}

std::optional<std::chrono::milliseconds> Options::seconds(const char* name) {
  // A thousand years, which no arithmetic on times overflows with.
  constexpr double kMost = 1000.0 * 366 * 86'400;
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) refuse_type(name, "a number of seconds", *value);
  const auto seconds = value->get<double>();
  if (!(seconds >= 0 && seconds <= kMost)) {
    refuse(name, "must be from 0 to " + std::to_string(static_cast<std::int64_t>(kMost)) +
                     " seconds, not " + described(*value));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::optional<std::int64_t> Options::time(const char* name,
                                          std::optional<std::int64_t> by_default) {
  const Json* value = find(name);
  if (value == nullptr) return by_default;
  if (value->is_null()) return std::nullopt;
  std::optional<std::int64_t> time;
  if (value->is_string()) {
    time = parse_timestamp(value->get_ref<const std::string&>());
  } else if (value->is_number()) {
    time = timestamp_from_seconds(value->get<double>());
  } else {
    refuse_type(name, "ISO 8601 text, Unix seconds or null", *value);
  }
  if (!time) {
    refuse(name,
           "must be ISO 8601 text, Unix seconds or null, within the years 0000 to 9999, not " +
               described(*value));
  }
  return time;
}

void Options::finish() const {
  if (!given_) return;
  for (const auto& [name, value] : given_->items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    throw InvalidArgument(label_ + ": unknown option " + printable(name) + "; there is " +
                          (known_.empty() ? "none" : listed(known_, "and")));
  }
}

const Json* Options::find(const char* name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
  if (!given_) return nullptr;
  const auto found = given_->find(name);
  return found == given_->end() ? nullptr : &*found;
}

void Options::refuse_type(const char* name, const char* wanted, const Json& value) const {
  throw WrongType(label_ + ": option " + name + " must be " + wanted + ", not " + described(value));
}

void Options::refuse(const char* name, const std::string& why) const {
  throw InvalidArgument(label_ + ": option " + name + " " + why);
}

}  // namespace vkv::ext
