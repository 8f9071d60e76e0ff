// Composite: fast stores as caches in front of the one that counts.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "core/kv/kvstore.h"
#include "core/kv/pins_commits.h"

namespace vkv {

// Tiers, fastest first. The last one is the store: it has everything, and its answer is the answer.
// Those before it are caches of the keys that `cacheable` names, and hold no others:
//
// - get() and get_many() of cacheable keys ask one tier after the other and give what a slower tier
//   had to the faster ones. All else is asked of the last tier alone: other keys (refs above all),
//   contains(), visits, cas().
// - Writes go to the last tier and then, when it has done them, to the caches; those inside
//   exclusive() reach the caches when they are read after it.
// - A cache that fails is passed over, and so may keep what was removed. So does a cache that other
//   processes have to themselves. It never answers for a key that is not cacheable.
//
// Threads: as the tiers.
class Composite final : public KVStore, public PinsCommits {
 public:
  using Tiers = std::vector<std::shared_ptr<KVStore>>;
  using KeyPredicate = std::function<bool(std::string_view key)>;

  // Of the keys of core/FORMAT.md, those whose value follows from the key: nodes, blobs and lists.
  // Not commits, which are written again with another trailer.
  static bool is_content_addressed(std::string_view key);

  // `cacheable` must be true only of keys that have one value ever, absence aside. Throws
  // InvalidArgument when there are no tiers or one is null.
  explicit Composite(Tiers tiers, KeyPredicate cacheable = is_content_addressed);

  std::optional<Bytes> get(std::string_view key) override;
  bool contains(std::string_view key) override;
  Entries get_many(std::span<const std::string_view> keys) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;
  bool exclusive(const std::function<void()>& body) override;
  // The last tier's.
  std::vector<Bytes> pinned_commits() override;

 private:
  using Caches = std::span<const std::shared_ptr<KVStore>>;

  Caches caches() const { return {tiers_.data(), tiers_.size() - 1}; }
  KVStore& store() const { return *tiers_.back(); }
  // Gives `caches` the cacheable ones among `entries`, unless they may yet be undone.
  void fill(Caches caches, std::span<const Entry> entries) const noexcept;
  void fill(Caches caches, const Entries& entries) const;

  const Tiers tiers_;
  const KeyPredicate cacheable_;
  std::atomic<unsigned> open_exclusives_ = 0;
};

}  // namespace vkv
