#include "core/kv/kvstore.h"

namespace vkv {

void KVStore::set(std::string_view key, BytesView value) {
  const Entry entry{key, value};
  set_many({&entry, 1});
}

void KVStore::remove(std::string_view key) { remove_many({&key, 1}); }

bool KVStore::contains(std::string_view key) { return get(key).has_value(); }

KVStore::Entries KVStore::get_many(std::span<const std::string_view> keys) {
  Entries found;
  for (const std::string_view key : keys) {
    if (std::optional<Bytes> value = get(key))
      found.insert_or_assign(std::string(key), *std::move(value));
  }
  return found;
}

std::vector<std::string> KVStore::keys(std::string_view prefix) {
  std::vector<std::string> all;
  visit_keys(prefix, [&](std::string_view key) {
    all.emplace_back(key);
    return true;
  });
  return all;
}

KVStore::Entries KVStore::items(std::string_view prefix) {
  Entries all;
  visit(prefix, [&](std::string_view key, BytesView value) {
    all.emplace_hint(all.end(), key, value);
    return true;
  });
  return all;
}

bool KVStore::exclusive(const std::function<void()>&) { return false; }

}  // namespace vkv
