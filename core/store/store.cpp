#include "core/store/store.h"

namespace vkv {

std::optional<Bytes> Store::get(std::string_view key) {
  std::optional<Value> value = get_value(key);
  if (!value) return std::nullopt;
  return std::move(value->bytes);
}

Store::Entries Store::get_many(std::span<const std::string_view> keys) {
  Entries found;
  for (const std::string_view key : keys) {
    if (std::optional<Bytes> value = get(key)) {
      found.insert_or_assign(std::string(key), *std::move(value));
    }
  }
  return found;
}

std::vector<std::string> Store::keys() {
  std::vector<std::string> all;
  visit_keys({}, [&](std::string_view key) {
    all.emplace_back(key);
    return true;
  });
  return all;
}

void Store::set_merge_fn(std::string_view, MergeFn) {
  throw Unsupported("this store has no versions to merge");
}

void Store::set_default_merge(MergeFn) { throw Unsupported("this store has no versions to merge"); }

void Store::do_set_content_type(std::string_view, std::any, MergeFn) {
  throw Unsupported("this store has no versions to merge");
}

const std::any* Store::do_content_type(std::string_view) const {
  throw Unsupported("this store has no versions to merge");
}

}  // namespace vkv
