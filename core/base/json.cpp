#include "core/base/json.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv {
namespace {

using Json = nlohmann::json;

// Printing recurses once a level.
constexpr std::size_t kMaxDepth = 100;

[[noreturn]] void refuse(const std::string& why) { throw InvalidArgument(why); }

[[noreturn]] void refuse_at(std::size_t position) {
  refuse("malformed JSON at byte " + std::to_string(position));
}

// Looks at the text before it becomes a tree, which shows neither repeated names nor what a number
// was written as, and may be deep.
class Validator : public Json::json_sax_t {
 public:
  bool start_object(std::size_t) override {
    enter();
    return true;
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override {
    if (names_.empty()) refuse("not a JSON object");
    enter();
    return true;
  }
  bool end_array() override { return leave(); }
  bool key(std::string& name) override {
    if (!names_.back().insert(name).second) refuse("member " + printable(name) + " is given twice");
    return true;
  }

  bool null() override { return scalar(); }
  bool boolean(bool) override { return scalar(); }
  bool number_integer(std::int64_t) override { return scalar(); }
  bool number_unsigned(std::uint64_t) override { return scalar(); }
  // An integer too large for 64 bits is handed over as a double, with its text.
  bool number_float(double, const std::string& written) override {
    if (written.find_first_of(".eE") == std::string::npos) {
      refuse("number " + printable(written) + " is out of range");
    }
    return scalar();
  }
  bool string(std::string&) override { return scalar(); }
  bool binary(Json::binary_t&) override { return scalar(); }

  bool parse_error(std::size_t position, const std::string& token,
                   const Json::exception& error) override {
    if (dynamic_cast<const Json::out_of_range*>(&error) != nullptr) {
      refuse("number " + printable(token) + " is out of range");
    }
    refuse_at(position);
  }

 private:
  void enter() {
    if (names_.size() == kMaxDepth) {
      refuse("nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    names_.emplace_back();
  }
  bool leave() {
    names_.pop_back();
    return true;
  }
  bool scalar() const {
    if (names_.empty()) refuse("not a JSON object");
    return true;
  }

  std::vector<std::set<std::string>> names_;  // of each open object or (none) array
};

}  // namespace

Bytes canonical_json_object(BytesView text) {
  // The parser takes a NUL for the end of the text.
  if (const auto nul = text.find('\0'); nul != text.npos) refuse_at(nul + 1);
  Validator validator;
  Json::sax_parse(text, &validator);
  return Json::parse(text).dump();
}

Bytes json_string(BytesView text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vkv
