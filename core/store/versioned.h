// Versioned: a log of commits over a KVStore.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "core/kv/memory.h"
#include "core/store/commit_options.h"
#include "core/store/content_type.h"
#include "core/store/results.h"

namespace vkv {

// A new value; plain bytes are a blob.
struct NewValue : Value {
  NewValue(Bytes bytes) : Value(ValueType::blob, std::move(bytes)) {}
  NewValue(BytesView bytes) : NewValue(Bytes(bytes)) {}
  NewValue(const char* bytes) : NewValue(Bytes(bytes)) {}
  NewValue(Value value) : Value(std::move(value)) {}
};
using Updates = std::map<std::string, NewValue, std::less<>>;
using Removals = std::set<std::string, std::less<>>;
// Both in one: what becomes of each key; absent: removed.
using Changes = std::map<std::string, std::optional<Value>, std::less<>>;

struct VersionedOptions {
  // Where to start, instead of the branch's head.
  std::optional<std::string> commit_hash = std::nullopt;
  std::string branch = "main";
  // What decoded nodes kept for reading may take.
  std::size_t cache_bytes = std::size_t{16} << 20;
};

struct CheckoutOptions {
  std::optional<std::string> branch = std::nullopt;  // absent: this instance's own
};

struct HistoryOptions {
  std::optional<std::string> commit = std::nullopt;  // absent: the current one
  bool all_parents = false;                          // the whole graph, not first parents only
};

// One writer's view: a branch and the commit it works from. Several on one KVStore are independent
// writers, also in other threads and, where the store allows, processes; one is not thread-safe.
//
// Commits are named by their hash, 64 hex digits; any other text is no such commit. Methods that
// report absence otherwise say so; the rest throw InvalidArgument naming it. On any failure the
// instance and all that is reachable in the store are as before the call.
class Versioned {
 public:
  using KeyVisitor = KVStore::KeyVisitor;
  using Entries = KVStore::Entries;

  // At the branch's head. A branch that does not exist starts at the root commit, which is empty
  // and the same in every store; the first commit creates it.
  explicit Versioned(std::shared_ptr<KVStore> store = std::make_shared<Memory>(),
                     VersionedOptions options = {});
  Versioned(const Versioned&) = delete;
  Versioned& operator=(const Versioned&) = delete;
  virtual ~Versioned() = default;

  // Reading the current commit.

  std::optional<Bytes> get(std::string_view key);
  std::optional<Value> get_value(std::string_view key);
  // The existing ones among `keys`.
  Entries get_many(std::span<const std::string_view> keys);
  Entries get_many(std::initializer_list<std::string_view> keys) {
    return get_many(std::span(keys.begin(), keys.size()));
  }
  bool contains(std::string_view key);
  std::vector<std::string> keys();
  // Return false to stop.
  void visit_keys(std::string_view prefix, const KeyVisitor& visit);

  // Writing.

  // One commit of the changes, relative to the current commit, to the branch; atomic:
  //   1. no_op when nothing changes and neither info nor message is given: the current commit;
  //   2. fast_forward when the branch's head is the current commit, or there is no such branch;
  //   3. three_way otherwise: the changes (ours) are merged with the head (theirs); the merge
  //      commit's parents are the head and a commit of the changes alone.
  // Throws InvalidArgument for a key in both, ConcurrencyError when another writer was faster,
  // NoCommonAncestor, MergeConflict; see OnConflict.
  MergeResult commit(const Updates& updates, const Removals& removals = {},
                     const CommitOptions& options = {});
  MergeResult commit_changes(const Changes& changes, const CommitOptions& options = {});
  // Merges `source`, a revision (graph/revision.h: a branch, a tag, a commit, …), into the branch's
  // head (ours), and moves there. A branch that does not exist starts at the current commit.
  MergeResult merge(std::string_view source, const CommitOptions& options = {});
  // Forces the branch's head to the commit, and moves there; false when there is no such commit.
  // Another writer's next commit merges into the new head what that writer has.
  bool reset_to(std::string_view commit);

  // Branches.

  // To the branch's head. InvalidArgument when there is no such branch.
  void refresh();
  void switch_branch(std::string_view name);
  // A new instance of the same kind that starts at the commit; null when there is no such commit.
  // The branch need not exist: its first commit creates it. Like all new instances it has no merge
  // functions. Committing from an old commit merges forward.
  std::unique_ptr<Versioned> checkout(std::string_view commit,
                                      const CheckoutOptions& options = {}) const;
  // The same on a new branch at the current commit. InvalidArgument when the branch exists.
  std::unique_ptr<Versioned> create_branch(std::string_view name);
  // InvalidArgument when there is no such branch, or it is the current one.
  void delete_branch(std::string_view name);
  // Sorted.
  std::vector<std::string> list_branches() const;
  static std::vector<std::string> branches(KVStore& store);
  // The key's value at another branch's head. InvalidArgument when there is no such branch.
  std::optional<Bytes> peek(std::string_view key, std::string_view branch);

  // History.

  // Newest first, each commit once; of the whole graph, breadth first.
  Stream<HistoryEntry> history(const HistoryOptions& options = {}) const;
  std::vector<std::string> parents(std::string_view commit) const;
  // A JSON object; absent when none was given.
  std::optional<Bytes> commit_info(std::string_view commit) const;
  CommitMetadata commit_metadata(std::string_view commit) const;
  // By content; the cost follows the changes. In key order, values with their types.
  DiffResult diff(std::string_view from, std::string_view to) const;
  Stream<DiffEntry> diff_stream(std::string_view from, std::string_view to) const;

  std::string current_commit() const { return commit_.hex(); }
  // What the next commit's changes are relative to: the current commit.
  std::string base_commit() const { return commit_.hex(); }
  // The branch's head as the store has it now; absent when there is no such branch.
  std::optional<std::string> latest_head() const;
  // The oldest commit on first parents. Walks them.
  std::string initial_commit() const;
  const std::string& current_branch() const { return branch_; }
  // Of the latest commit or merge, abandoned ones included.
  const std::optional<MergeResult>& last_merge_result() const { return last_merge_result_; }
  const std::shared_ptr<KVStore>& store() const { return source_->kv; }

  // See Store.

  void set_merge_fn(std::string_view key, MergeFn fn) {
    registry_.set_merge_fn(key, std::move(fn));
  }
  void set_default_merge(MergeFn fn) { registry_.set_default_merge(std::move(fn)); }
  template <typename T>
  void set_content_type(std::string_view key, const ContentType<T>& type) {
    registry_.set_content_type(key, type, type.as_merge_fn());
  }
  template <typename T>
  const ContentType<T>* get_content_type(std::string_view key) const {
    return std::any_cast<ContentType<T>>(registry_.content_type(key));
  }
  MergeRegistry& registry() { return registry_; }
  const MergeRegistry& registry() const { return registry_; }

 protected:
  const std::shared_ptr<OwnedRepository>& source() const { return source_; }
  Repository& repository() const { return source_->repository; }
  const Hash& commit_hash() const { return commit_; }
  const Hash& root() const { return root_; }
  std::size_t cache_bytes() const { return cache_bytes_; }
  void move_to(const Hash& commit, const Hash& root);

 private:
  // A new instance of the same kind over the same store.
  virtual std::unique_ptr<Versioned> open(VersionedOptions options) const;
  // A key was found by get() or get_many().
  virtual void on_read(std::string_view) {}
  // The instance has moved to the result of a commit of `changes` or of a merge (no changes), which
  // stands whatever follows.
  virtual void on_merged(const MergeResult&, const Changes&) {}

  std::optional<Value> read(const Hash& root, std::string_view key) const;
  std::optional<Hash> find(std::string_view commit) const;
  Hash require(std::string_view commit) const;
  Hash head_of(std::string_view branch) const;
  void move_to(const Hash& commit) { move_to(commit, repository().commit(commit).root); }
  template <typename Write>
  MergeResult write(const CommitOptions& options, Strategy attempted, const Changes& changes,
                    const Write& write);
  Strategy likely_strategy() const;

  std::shared_ptr<OwnedRepository> source_;
  std::size_t cache_bytes_;
  std::string branch_;
  Hash commit_;
  Hash root_;
  MergeRegistry registry_;
  std::optional<MergeResult> last_merge_result_;
};

}  // namespace vkv
