// What every KVStore must do. A backend's test instantiates the suite:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, KVStoreContract, testing::Values(Backend{"mine", [] { … }}));
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "core/kv/kvstore.h"

namespace vkv {

struct Backend {
  std::string name;
  // A new, empty store.
  std::function<std::shared_ptr<KVStore>()> make;
  // Whether exclusive() runs its body.
  bool has_exclusive = true;

  friend void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }
};

class KVStoreContract : public testing::TestWithParam<Backend> {
 protected:
  const std::shared_ptr<KVStore> owner_ = GetParam().make();
  KVStore& store_ = *owner_;
};

}  // namespace vkv
