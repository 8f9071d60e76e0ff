#include "core/base/error.h"

#include <algorithm>

#include "core/base/printable.h"

namespace vkv {
namespace {

constexpr std::size_t kKeysInMessage = 20;

std::string conflict_message(const std::vector<std::string>& keys) {
  std::string message = "merge conflict on " + std::to_string(keys.size()) +
                        (keys.size() == 1 ? " key: " : " keys: ");
  const std::size_t shown = std::min(keys.size(), kKeysInMessage);
  for (std::size_t i = 0; i < shown; ++i) message += (i > 0 ? ", " : "") + printable(keys[i]);
  if (shown < keys.size()) message += ", ...";
  return message;
}

}  // namespace

MergeConflict::MergeConflict(std::vector<std::string> keys,
                             std::map<std::string, std::string> errors)
    : Error(conflict_message(keys)), keys_(std::move(keys)), errors_(std::move(errors)) {}

}  // namespace vkv
