// Live: a Store whose writes take effect at once.
#pragma once

#include "core/kv/memory.h"
#include "core/store/store.h"

namespace vkv {

// The keys and values of a KVStore as they are. There are no versions: commit(), reset(),
// create_branch(), checkout(), list_branches() and merge registrations throw Unsupported, as does
// setting any value but a blob. Threads: as the KVStore.
class Live final : public Store {
 public:
  explicit Live(std::shared_ptr<KVStore> backend = std::make_shared<Memory>());

  std::optional<Value> get_value(std::string_view key) override;
  bool contains(std::string_view key) override { return backend_->contains(key); }
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override {
    backend_->visit_keys(prefix, visit);
  }
  void set_value(std::string_view key, ValueView value) override;
  void remove(std::string_view key) override { backend_->remove(key); }

  [[noreturn]] MergeResult commit(const CommitOptions& options = {}) override;
  [[noreturn]] void reset() override;
  [[noreturn]] std::vector<std::string> list_branches() override;

 private:
  [[noreturn]] std::unique_ptr<Store> do_create_branch(std::string_view name) override;
  [[noreturn]] std::unique_ptr<Store> do_checkout(
      std::string_view commit, const std::optional<std::string>& branch) override;

  std::shared_ptr<KVStore> backend_;
};

}  // namespace vkv
