// Store: what an application reads and writes.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>

#include "core/kv/kvstore.h"
#include "core/store/commit_options.h"
#include "core/store/content_type.h"
#include "core/store/results.h"

namespace vkv {

// Values by key, in memcmp order of keys; changes take effect with commit(), or at once where there
// are no versions (Live). Values are bytes; a store with versions also keeps the type of values
// that come from SQL. Keys of more than 8192 bytes are TooLarge.
//
// Errors: those of core/base/error.h. Threads: an instance belongs to one thread at a time; any
// number of them may share one KVStore.
class Store {
 public:
  using KeyVisitor = KVStore::KeyVisitor;
  using Entries = KVStore::Entries;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  std::optional<Bytes> get(std::string_view key);
  // The existing ones among `keys`.
  Entries get_many(std::span<const std::string_view> keys);
  Entries get_many(std::initializer_list<std::string_view> keys) {
    return get_many(std::span(keys.begin(), keys.size()));
  }
  virtual bool contains(std::string_view key) = 0;
  // In order; visit_keys() is the form that holds none of them. Return false to stop; a visitor
  // must not write to the store.
  virtual std::vector<std::string> keys();
  virtual void visit_keys(std::string_view prefix, const KeyVisitor& visit) = 0;

  void set(std::string_view key, BytesView value) { set_value(key, {ValueType::blob, value}); }
  virtual void remove(std::string_view key) = 0;

  // A value with its type. Setting one whose bytes do not have their type's form is
  // InvalidArgument.
  virtual std::optional<Value> get_value(std::string_view key) = 0;
  virtual void set_value(std::string_view key, ValueView value) = 0;

  // Makes the changes since the last commit or reset one version, all or none of it.
  virtual MergeResult commit(const CommitOptions& options = {}) = 0;
  // Forgets these changes.
  virtual void reset() = 0;
  // A store on a new branch that starts at the current commit. InvalidArgument when it exists.
  std::unique_ptr<Store> create_branch(std::string_view name) { return do_create_branch(name); }
  // A store whose current commit is the one given, on `branch` or this store's own; null when there
  // is no such commit. The branch need not exist: its first commit creates it.
  std::unique_ptr<Store> checkout(std::string_view commit,
                                  const std::optional<std::string>& branch = {}) {
    return do_checkout(commit, branch);
  }
  // Sorted.
  virtual std::vector<std::string> list_branches() = 0;

  // Absent on stores without versions.
  virtual std::optional<std::string> current_commit() const { return std::nullopt; }
  virtual std::optional<std::string> base_commit() const { return std::nullopt; }
  virtual std::optional<MergeResult> last_merge_result() const { return std::nullopt; }

  // How contested keys merge, for as long as this instance lives: the function for a key before the
  // default. A content type brings its own function. Unsupported on stores without versions.
  virtual void set_merge_fn(std::string_view key, MergeFn fn);
  virtual void set_default_merge(MergeFn fn);
  template <typename T>
  void set_content_type(std::string_view key, const ContentType<T>& type) {
    do_set_content_type(key, type, type.as_merge_fn());
  }
  // Null when there is none of that T; valid until the key's is set again.
  template <typename T>
  const ContentType<T>* get_content_type(std::string_view key) const {
    return std::any_cast<ContentType<T>>(do_content_type(key));
  }

 protected:
  virtual std::unique_ptr<Store> do_create_branch(std::string_view name) = 0;
  virtual std::unique_ptr<Store> do_checkout(std::string_view commit,
                                             const std::optional<std::string>& branch) = 0;
  virtual void do_set_content_type(std::string_view key, std::any type, MergeFn fn);
  virtual const std::any* do_content_type(std::string_view key) const;

  friend class Namespaced;
};

}  // namespace vkv
