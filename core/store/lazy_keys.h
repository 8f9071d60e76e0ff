// LazyKeys: the keys of a version, read when they are asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/store/owned_repository.h"
#include "core/store/stream.h"

namespace vkv {

// In memcmp order, leaf by leaf, anew by each begin(). May outlive the instance it came from, but
// is to be used in the same thread; throws Corruption once garbage collection has removed the
// version.
class LazyKeys {
 public:
  // No keys.
  LazyKeys() = default;
  // The keys of the tree `root` but for those in `without`, which are sorted.
  LazyKeys(std::shared_ptr<OwnedRepository> source, const Hash& root,
           std::vector<std::string> without = {});

  Stream<std::string>::Iterator begin() const { return open().begin(); }
  std::default_sentinel_t end() const { return {}; }

 private:
  Stream<std::string> open() const;

  std::shared_ptr<OwnedRepository> source_;
  Hash root_;
  std::shared_ptr<const std::vector<std::string>> without_;
};

}  // namespace vkv
