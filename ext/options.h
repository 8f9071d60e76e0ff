// Options: the JSON object that many functions take as their last argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace vkv::ext {

// Parsed once; then each option a function knows is read, and finish() refuses the others. Every
// error starts with `label` and names the option: WrongType for a wrong type, InvalidArgument for
// the rest.
class Options {
 public:
  // None given.
  explicit Options(std::string label);
  // `text` must be one JSON object (core/base/json.h).
  Options(std::string label, BytesView text);
  ~Options();

  // Absent options are false. 0 and 1 stand for false and true, since json_object('force', TRUE)
  // writes 1.
  bool flag(const char* name);
  std::optional<Bytes> text(const char* name);
  // One of `choices`, as its index; the first when absent.
  std::size_t choice(const char* name, std::initializer_list<std::string_view> choices);
  // An object, in canonical form.
  std::optional<Bytes> object(const char* name);
  std::optional<std::vector<std::string>> texts(const char* name);
  // A number of seconds, at least 0.
  std::optional<std::chrono::milliseconds> seconds(const char* name);
  // Milliseconds since 1970 UTC, given in ISO 8601 or as Unix seconds; JSON null gives absent, and
  // no such option gives `by_default`.
  std::optional<std::int64_t> time(const char* name, std::optional<std::int64_t> by_default);

  // Throws when an option is left that none of the above asked for.
  void finish() const;

 private:
  // Null when not given.
  const nlohmann::json* find(const char* name);
  [[noreturn]] void refuse_type(const char* name, const char* wanted,
                                const nlohmann::json& value) const;
  [[noreturn]] void refuse(const char* name, const std::string& why) const;

  std::string label_;
  std::unique_ptr<const nlohmann::json> given_;  // an object; null: none given
  std::vector<std::string> known_;
};

}  // namespace vkv::ext
