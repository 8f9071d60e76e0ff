#include "core/graph/gc.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/clock.h"
#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/commit.h"
#include "core/graph/hash_set.h"
#include "core/graph/refs.h"
#include "core/kv/pins_commits.h"
#include "core/tree/chunk_store.h"
#include "core/tree/node.h"
#include "core/tree/node_store.h"
#include "core/tree/value.h"

namespace vkv {
namespace {

// Of the four, whatever a dead object refers to comes after it.
constexpr std::array kTypes = {ObjectType::commit, ObjectType::node, ObjectType::list,
                               ObjectType::blob};
constexpr std::size_t kRemovalBatch = 1000;

std::string_view prefix(const ObjectType& type) {
  return {reinterpret_cast<const char*>(&type), 1};
}

Hash hash_in_key(std::string_view key) {
  const std::optional<Hash> hash = Hash::from_raw(key.substr(1));
  if (!hash) throw Corruption("key of an object is not a hash: " + printable(key));
  return *hash;
}

// What is reachable from commits. No recursion: what is reached waits on a stack.
class Marker {
 public:
  Marker(KVStore& kv, const std::function<void()>& checkpoint) : chunks_(kv) {
    chunks_.set_checkpoint(checkpoint);
  }

  void mark(const Hash& commit) { run(commit, false); }
  // Of a commit nothing refers to. A store without an exclusive section may have lost some of what
  // it needs, which then need not be kept.
  void mark_unreferenced(const Hash& commit) { run(commit, true); }

  const HashSet& live() const { return live_; }

 private:
  struct Step {
    ObjectType type;
    Hash hash;
  };

  void run(const Hash& commit, bool may_lack) {
    may_lack_ = may_lack;
    reach(ObjectType::commit, commit);
    while (!steps_.empty()) {
      const Step step = steps_.back();
      steps_.pop_back();
      if (step.type == ObjectType::commit) {
        if (is_there(step)) expand_commit(step.hash);
      } else if (is_there(step)) {
        expand_node(*Node::decode(chunks_.read(ObjectType::node, step.hash)));
      }
    }
  }

  bool is_there(const Step& step) {
    return !may_lack_ || chunks_.kv().contains(object_key(step.type, step.hash));
  }

  void reach(ObjectType type, const Hash& hash) {
    // These two are never stored.
    if (hash == root_commit_hash() || hash == empty_root()) return;
    if (live_.insert(hash)) steps_.push_back({type, hash});
  }

  void expand_commit(const Hash& hash) {
    const Commit commit = decode_commit(chunks_.read(ObjectType::commit, hash));
    for (const Hash& parent : commit.parents) reach(ObjectType::commit, parent);
    reach(ObjectType::node, commit.root);
  }

  void expand_node(const Node& node) {
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (node.is_leaf()) {
        expand_value(node.value(i));
      } else {
        reach(ObjectType::node, node.child_hash(i));
      }
    }
  }

  void expand_value(const StoredValue& value) {
    if (value.placement == StoredValue::Placement::in_node) return;
    if (const std::optional<Hash> list = list_of(value)) {
      if (!live_.insert(*list) || !is_there({ObjectType::list, *list})) return;
    }
    visit_blobs(chunks_, value, [&](const Hash& blob, std::uint64_t) { live_.insert(blob); });
  }

  ChunkStore chunks_;
  HashSet live_;
  std::vector<Step> steps_;
  bool may_lack_ = false;
};

class Collector {
 public:
  Collector(KVStore& kv, const GcOptions& options)
      : kv_(kv), options_(options), marker_(kv, options.checkpoint) {}

  // `alone`: nobody else writes meanwhile.
  GcReport run(bool alone) {
    mark_all();
    find_dead();
    if (!alone) {
      // Commits may have come since, and need what was dead.
      mark_all();
      forget_revived();
    }
    if (!options_.dry_run) remove_dead();
    return report();
  }

 private:
  std::vector<Hash>& dead(ObjectType type) {
    std::size_t i = 0;
    while (kTypes[i] != type) ++i;
    return dead_[i];
  }

  void mark_all() {
    Refs refs(kv_);
    for (const auto& branch : refs.branches()) marker_.mark(branch.second);
    for (const auto& tag : refs.tags()) marker_.mark(tag.second.commit);
    for (const Hash& commit : options_.extra_commits) marker_.mark(commit);
    for (const Hash& commit : pinned_commits()) marker_.mark(commit);
    for (const Hash& commit : young_commits()) marker_.mark_unreferenced(commit);
  }

  std::vector<Hash> pinned_commits() {
    std::vector<Hash> pinned;
    auto* pins = dynamic_cast<PinsCommits*>(&kv_);
    if (pins == nullptr) return pinned;
    for (const Bytes& raw : pins->pinned_commits()) {
      const std::optional<Hash> hash = Hash::from_raw(raw);
      if (!hash) throw Corruption("a pinned commit is not named by a hash: " + printable(raw));
      pinned.push_back(*hash);
    }
    return pinned;
  }

  std::vector<Hash> young_commits() {
    std::vector<Hash> young;
    if (options_.min_age.count() == 0) return young;
    const std::int64_t now = system_milliseconds();
    kv_.visit(prefix(ObjectType::commit), [&](std::string_view key, BytesView stored) {
      // The trailer of a commit is its birth time.
      Decoder trailer(split_object(ObjectType::commit, stored).trailer, "birth time of a commit");
      const auto birth = static_cast<std::int64_t>(trailer.u64());
      const Hash hash = hash_in_key(key);
      if (!marker_.live().contains(hash) && birth > now - options_.min_age.count()) {
        young.push_back(hash);
      }
      return true;
    });
    return young;
  }

  void find_dead() {
    for (const ObjectType type : kTypes) {
      kv_.visit_keys(prefix(type), [&](std::string_view key) {
        if (options_.checkpoint) options_.checkpoint();
        const Hash hash = hash_in_key(key);
        ++(type == ObjectType::commit ? commits_ : chunks_);
        if (!marker_.live().contains(hash)) dead(type).push_back(hash);
        return true;
      });
    }
  }

  void forget_revived() {
    for (std::vector<Hash>& hashes : dead_) {
      std::erase_if(hashes, [&](const Hash& hash) { return marker_.live().contains(hash); });
    }
  }

  void remove_dead() {
    for (const ObjectType type : kTypes) {
      const std::vector<Hash>& hashes = dead(type);
      for (std::size_t i = 0; i < hashes.size(); i += kRemovalBatch) {
        remove(type, std::span(hashes).subspan(i, std::min(kRemovalBatch, hashes.size() - i)));
      }
    }
  }

  void remove(ObjectType type, std::span<const Hash> hashes) {
    std::vector<Bytes> keys;
    for (const Hash& hash : hashes) keys.push_back(object_key(type, hash));
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    kv_.remove_many(views);
  }

  GcReport report() {
    GcReport report;
    report.removed_commits = dead(ObjectType::commit).size();
    for (const std::vector<Hash>& hashes : dead_) report.removed_chunks += hashes.size();
    report.removed_chunks -= report.removed_commits;
    report.live_commits = commits_ - report.removed_commits;
    report.live_chunks = chunks_ - report.removed_chunks;
    return report;
  }

  KVStore& kv_;
  const GcOptions& options_;
  Marker marker_;
  std::uint64_t commits_ = 0;
  std::uint64_t chunks_ = 0;
  std::array<std::vector<Hash>, kTypes.size()> dead_;  // as kTypes
};

}  // namespace

GcReport collect_garbage(KVStore& kv, const GcOptions& options) {
  if (options.min_age.count() < 0) throw InvalidArgument("min_age is negative");
  GcReport report;
  const auto collect = [&] { report = Collector(kv, options).run(true); };
  if (options.caller_is_exclusive) {
    collect();
  } else if (!kv.exclusive(collect)) {
    if (options.min_age.count() == 0) {
      throw InvalidArgument("min_age must not be 0 on a store without an exclusive section");
    }
    report = Collector(kv, options).run(false);
  }
  return report;
}

}  // namespace vkv
