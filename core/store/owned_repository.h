// OwnedRepository: a repository together with all it needs.
#pragma once

#include <memory>

#include "core/base/error.h"
#include "core/graph/repository.h"

namespace vkv {

// Shared by an instance and the lazy results it gave out, which so outlive it. Not thread-safe.
struct OwnedRepository {
  OwnedRepository(std::shared_ptr<KVStore> store, std::size_t cache_bytes)
      : kv(require(std::move(store))), cache(cache_bytes), repository(*kv, cache) {}

  static std::shared_ptr<KVStore> require(std::shared_ptr<KVStore> store) {
    if (!store) throw InvalidArgument("no store given");
    return store;
  }

  std::shared_ptr<KVStore> kv;
  NodeCache cache;
  Repository repository;
};

}  // namespace vkv
