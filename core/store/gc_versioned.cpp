#include "core/store/gc_versioned.h"

#include "core/base/json.h"
#include "core/graph/gc.h"

namespace vkv {
namespace {

WaterMarks water_marks(const GCVersionedOptions& options) {
  const std::int64_t high = options.high_water_bytes;
  if (high <= 0) {
    throw InvalidArgument("high_water_bytes must be above 0, not " + std::to_string(high));
  }
  const WaterMarks given{high, options.low_water_bytes.value_or(0)};
  return given.low > 0 && given.valid() ? given : WaterMarks::below(high);
}

}  // namespace

GCVersioned::GCVersioned(std::shared_ptr<KVStore> store, const GCVersionedOptions& options)
    : Versioned(std::move(store), {.commit_hash = options.commit_hash,
                                   .branch = options.branch,
                                   .cache_bytes = options.cache_bytes}),
      water_(water_marks(options)),
      touches_(*this->store()),
      user_bytes_(repository().nodes()) {}

RebaseResult GCVersioned::maybe_rebase() {
  if (exceeds_high_water()) return rebase();
  last_rebase_result_ = not_performed();
  return *last_rebase_result_;
}

RebaseResult GCVersioned::rebase(const RebaseOptions& options) {
  touches_.record({});  // what this instance has read counts, too
  RebaseResult result{.performed = true, .total_size_before = user_bytes_.of(root())};
  CommitMetadata metadata;
  if (options.info) metadata.info = canonical_json_object(*options.info);
  Eviction eviction = evict(repository(), touches_,
                            {.branch = current_branch(),
                             .commit = commit_hash(),
                             .low_water = static_cast<std::uint64_t>(water_.low),
                             .keep = options.keep_keys ? &*options.keep_keys : nullptr,
                             .metadata = std::move(metadata)});
  move_to(eviction.commit, eviction.root);
  result.new_commit = current_commit();
  result.kept_keys = LazyKeys(source(), root());
  clean_up(eviction, result);
  result.dropped_keys = std::move(eviction.dropped);
  last_rebase_result_ = result;
  return result;
}

// What follows a rebase that stands.
void GCVersioned::clean_up(const Eviction& eviction, RebaseResult& result) {
  try {
    result.total_size_after = user_bytes_.of(root());
    forget_touches(repository(), touches_, eviction);
    result.orphans_cleaned = clean_orphans();
  } catch (const std::exception& error) {
    result.error = error.what();
  }
}

std::uint64_t GCVersioned::clean_orphans(const CleanOrphansOptions& options) {
  return collect_garbage(*store(), {.min_age = options.min_age}).removed_commits;
}

std::unique_ptr<Versioned> GCVersioned::open(VersionedOptions options) const {
  return std::make_unique<GCVersioned>(
      store(), GCVersionedOptions{.high_water_bytes = water_.high,
                                  .low_water_bytes = water_.low,
                                  .commit_hash = std::move(options.commit_hash),
                                  .branch = std::move(options.branch),
                                  .cache_bytes = options.cache_bytes});
}

void GCVersioned::on_merged(const MergeResult& result, const Changes& changes) {
  try {
    keep_within_budget(result, changes);
  } catch (const std::exception& error) {
    last_rebase_result_ =
        RebaseResult{.kept_keys = LazyKeys(source(), root()), .error = error.what()};
  }
}

void GCVersioned::keep_within_budget(const MergeResult& result, const Changes& changes) {
  if (result.strategy == Strategy::no_op) {
    last_rebase_result_ = not_performed();
    return;
  }
  std::vector<std::string_view> written;
  for (const auto& [key, value] : changes) {
    if (value) written.push_back(key);
  }
  touches_.record(written);
  try {
    maybe_rebase();
  } catch (const ConcurrencyError&) {
    // The other writer's commit is over the same budget, and evicts in its turn.
    last_rebase_result_ = not_performed();
  }
}

bool GCVersioned::exceeds_high_water() {
  return user_bytes_.of(root()) > static_cast<std::uint64_t>(water_.high);
}

RebaseResult GCVersioned::not_performed() {
  const std::uint64_t total = user_bytes_.of(root());
  return {.kept_keys = LazyKeys(source(), root()),
          .total_size_before = total,
          .total_size_after = total};
}

}  // namespace vkv
