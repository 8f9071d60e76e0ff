#include "core/store/json_value.h"

namespace vkv {
namespace {

using Json = nlohmann::json;

// Printing recurses once a level.
constexpr int kMaxDepth = 100;

Json decode(BytesView text) {
  // The parser takes a NUL for the end of the text.
  if (text.find('\0') != text.npos) throw InvalidArgument("malformed JSON: it contains a NUL");
  const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw InvalidArgument("JSON nested deeper than 100 levels");
    return true;
  };
  try {
    return Json::parse(text, check_depth);
  } catch (const Json::exception& error) {
    throw InvalidArgument(std::string("malformed JSON: ") + error.what());
  }
}

Bytes encode(const Json& value) {
  try {
    return value.dump();
  } catch (const Json::exception& error) {
    throw InvalidArgument(std::string("no JSON form: ") + error.what());
  }
}

}  // namespace

ContentType<Json> json_value(JsonMerge merge) {
  if (!merge) {
    using Side = ContentType<Json>::Side;
    merge = [](const Side&, const Side&, const Side& theirs) { return theirs; };
  }
  return {.encode = encode, .decode = decode, .merge = std::move(merge)};
}

}  // namespace vkv
