// GCVersioned: a Versioned that keeps to a size budget.
#pragma once

#include <chrono>
#include <set>

#include "core/graph/eviction.h"
#include "core/graph/touches.h"
#include "core/store/versioned.h"

namespace vkv {

struct GCVersionedOptions {
  std::int64_t high_water_bytes = 0;  // above 0, or InvalidArgument
  // When absent, not above 0 or above high_water_bytes: 80 % of that, rounded down.
  std::optional<std::int64_t> low_water_bytes = std::nullopt;
  std::optional<std::string> commit_hash = std::nullopt;
  std::string branch = "main";
  std::size_t cache_bytes = VersionedOptions{}.cache_bytes;
};

struct RebaseOptions {
  // The user keys to keep, whatever their size; absent: as many as fit under the low water.
  std::optional<std::set<std::string, std::less<>>> keep_keys = std::nullopt;
  std::optional<Bytes> info = std::nullopt;  // of the new commit: a JSON object
};

struct CleanOrphansOptions {
  std::chrono::milliseconds min_age = std::chrono::hours(1);
};

// After each commit or merge, when the values of user keys take more than the high water, the
// branch is rebased: its coldest user keys are dropped until the low water is reached, and a new
// commit without parents becomes the head. System keys, whose last path segment starts with "__",
// stay. MergeResult::commit is then the commit that was made, current_commit() the new one.
//
// Coldest: touched the longest ago, in this store, by get(), get_many() or a write; of keys touched
// at once the largest first, then in key order. Touches by reading are persisted with the next
// commit of the instance.
//
// A commit stands whatever fails after it: last_rebase_result()->error then tells what did, and the
// next commit evicts. So does a rebase, once it has moved the head.
class GCVersioned final : public Versioned {
 public:
  explicit GCVersioned(std::shared_ptr<KVStore> store, const GCVersionedOptions& options);

  std::int64_t high_water() const { return water_.high; }
  std::int64_t low_water() const { return water_.low; }

  // Rebases when the high water is exceeded.
  RebaseResult maybe_rebase();
  // Rebases the current commit, which must be the branch's head: otherwise ConcurrencyError, and
  // nothing is lost.
  RebaseResult rebase(const RebaseOptions& options = {});
  // Of the latest rebase or merged commit; not performed when that stayed below the high water,
  // another writer was faster, or an error kept it from happening.
  const std::optional<RebaseResult>& last_rebase_result() const { return last_rebase_result_; }
  // Removes what no branch or tag reaches and is older than min_age (graph/gc.h); the number of
  // commits removed.
  std::uint64_t clean_orphans(const CleanOrphansOptions& options = {});

 private:
  std::unique_ptr<Versioned> open(VersionedOptions options) const override;
  void on_read(std::string_view key) override { touches_.on_read(key); }
  void on_merged(const MergeResult& result, const Changes& changes) override;

  void keep_within_budget(const MergeResult& result, const Changes& changes);
  void clean_up(const Eviction& eviction, RebaseResult& result);
  bool exceeds_high_water();
  RebaseResult not_performed();

  WaterMarks water_;
  Touches touches_;
  UserBytes user_bytes_;
  std::optional<RebaseResult> last_rebase_result_;
};

}  // namespace vkv
