// Namespaced: the keys of a store below a prefix, as a store.
#pragma once

#include "core/store/store.h"

namespace vkv {

// The key k is namespace/k in the base store, and so are the keys of merge functions and content
// types, per call and per instance. Everything else is the base store's: commits, conflicts and
// results are about all of its keys, under their full names.
class Namespaced final : public Store {
 public:
  // InvalidArgument when `name` contains a slash. A namespace of a namespace is one below it. The
  // store that is not a namespace must outlive this.
  Namespaced(Store& store, std::string_view name);

  std::optional<Value> get_value(std::string_view key) override;
  bool contains(std::string_view key) override;
  // The namespace's own keys: without a slash and not empty.
  std::vector<std::string> keys() override;
  // All keys below the namespace; namespace/ itself is the empty one.
  std::vector<std::string> descendant_keys();
  // Of the descendants.
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;

  void set_value(std::string_view key, ValueView value) override;
  void remove(std::string_view key) override;

  MergeResult commit(const CommitOptions& options = {}) override;
  void reset() override { base_.reset(); }
  std::vector<std::string> list_branches() override { return base_.list_branches(); }

  // From the outermost on: "agent/worker".
  std::string namespace_path() const { return prefix_.substr(0, prefix_.size() - 1); }
  std::optional<std::string> current_commit() const override { return base_.current_commit(); }
  std::optional<std::string> base_commit() const override { return base_.base_commit(); }
  std::optional<MergeResult> last_merge_result() const override {
    return base_.last_merge_result();
  }

  void set_merge_fn(std::string_view key, MergeFn fn) override;
  // For all keys of the base store.
  void set_default_merge(MergeFn fn) override { base_.set_default_merge(std::move(fn)); }

 private:
  std::unique_ptr<Store> do_create_branch(std::string_view name) override;
  std::unique_ptr<Store> do_checkout(std::string_view commit,
                                     const std::optional<std::string>& branch) override;
  void do_set_content_type(std::string_view key, std::any type, MergeFn fn) override;
  const std::any* do_content_type(std::string_view key) const override;

  std::string full(std::string_view key) const;

  Store& base_;               // not a Namespaced
  const std::string prefix_;  // ends with a slash
};

}  // namespace vkv
