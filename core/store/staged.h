// Staged: changes buffered in memory over a Versioned.
#pragma once

#include "core/store/store.h"
#include "core/store/versioned.h"

namespace vkv {

class Staged final : public Store {
 public:
  explicit Staged(std::shared_ptr<Versioned> versioned);

  // What is staged first, then the current commit.
  std::optional<Value> get_value(std::string_view key) override;
  bool contains(std::string_view key) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;

  void set_value(std::string_view key, ValueView value) override;
  void remove(std::string_view key) override;

  // As Versioned::commit(). Afterwards nothing is staged, unless it threw or was abandoned.
  MergeResult commit(const CommitOptions& options = {}) override;
  void reset() override { staged_.clear(); }
  // To the branch's head, forgetting what is staged.
  void refresh();
  // Whether anything is staged, be it without effect.
  bool has_changes() const { return !staged_.empty(); }

  // As in Store, with nothing staged and no merge functions.
  std::unique_ptr<Staged> create_branch(std::string_view name);
  std::unique_ptr<Staged> checkout(std::string_view commit,
                                   const std::optional<std::string>& branch = {});
  std::vector<std::string> list_branches() override { return versioned_->list_branches(); }

  Versioned& versioned() { return *versioned_; }
  std::optional<std::string> current_commit() const override;
  std::optional<std::string> base_commit() const override;
  std::optional<MergeResult> last_merge_result() const override;

  void set_merge_fn(std::string_view key, MergeFn fn) override;
  void set_default_merge(MergeFn fn) override;

 private:
  std::unique_ptr<Store> do_create_branch(std::string_view name) override;
  std::unique_ptr<Store> do_checkout(std::string_view commit,
                                     const std::optional<std::string>& branch) override;
  void do_set_content_type(std::string_view key, std::any type, MergeFn fn) override;
  const std::any* do_content_type(std::string_view key) const override;

  void stage(std::string_view key, std::optional<Value> value);

  std::shared_ptr<Versioned> versioned_;
  Changes staged_;
};

}  // namespace vkv
