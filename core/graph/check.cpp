#include "core/graph/check.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"
#include "core/graph/tree_checker.h"

namespace vkv {
namespace {

constexpr std::size_t kObjectKeySize = 1 + Hash::kSize;

class StoreChecker {
 public:
  StoreChecker(KVStore& kv, const std::function<void()>& checkpoint)
      : chunks_(kv), trees_(chunks_) {
    chunks_.set_checkpoint(checkpoint);
  }

  CheckReport run(std::span<const Hash> extra_commits) {
    open_refs();
    for (const Hash& commit : extra_commits) open_.push_back({commit, "a workspace", {}});
    check_reachable();
    check_merges();
    for (const ObjectType type :
         {ObjectType::node, ObjectType::list, ObjectType::blob, ObjectType::commit}) {
      check_rest(type);
    }
    return report_;
  }

 private:
  struct Open {
    Hash commit;
    std::string referrer;
    std::optional<std::uint64_t> generation;  // which the referrer implies
  };

  struct Merge {
    Hash commit;
    std::uint64_t generation = 0;
    std::vector<Hash> parents;
  };

  void open_ref(std::string_view what, const std::string& name, const Hash& commit) {
    try {
      check_ref_name(what, name);
    } catch (const InvalidArgument& error) {
      throw Corruption(error.what());
    }
    open_.push_back({commit, std::string(what) + ' ' + printable(name), {}});
  }

  void open_refs() {
    Refs refs(chunks_.kv());
    for (const auto& [name, head] : refs.branches()) open_ref("branch", name, head);
    for (const auto& [name, tag] : refs.tags()) open_ref("tag", name, tag.commit);
  }

  void check_reachable() {
    while (!open_.empty()) {
      const Open open = std::move(open_.back());
      open_.pop_back();
      const std::uint64_t generation = see(open);
      if (open.generation.value_or(generation) == generation) continue;
      throw Corruption(open.referrer + " has a generation that does not follow its parent's");
    }
  }

  // The generation of a commit that may have been seen; else reads it and opens its parents.
  std::uint64_t see(const Open& open) {
    if (open.commit == root_commit_hash()) return 0;
    if (const auto it = generations_.find(open.commit); it != generations_.end()) return it->second;
    const Commit commit = read(open);
    generations_.emplace(open.commit, commit.generation);
    trees_.check(commit.root);
    check_info(open.commit, commit.metadata.info);
    open_parents(open.commit, commit);
    return commit.generation;
  }

  Commit read(const Open& open) {
    const std::optional<Bytes> body = chunks_.find(ObjectType::commit, open.commit);
    if (!body) {
      throw Corruption("commit " + open.commit.hex() + ", which " + open.referrer +
                       " refers to, is missing");
    }
    return decode_commit(*body);
  }

  static void check_info(const Hash& commit, const std::optional<Bytes>& info) {
    const auto is_canonical = [](const Bytes& json) {
      try {
        return canonical_json_object(json) == json;
      } catch (const InvalidArgument&) {
        return false;
      }
    };
    if (info && !is_canonical(*info)) {
      throw Corruption("commit " + commit.hex() +
                       " has info that is no JSON object in canonical form");
    }
  }

  // One parent's generation is known beforehand. Of two, one may be lower: that is seen in the end.
  void open_parents(const Hash& hash, const Commit& commit) {
    std::optional<std::uint64_t> implied;
    if (commit.parents.size() == 1) implied = commit.generation - 1;
    for (const Hash& parent : commit.parents)
      open_.push_back({parent, "commit " + hash.hex(), implied});
    if (!implied && !commit.parents.empty()) {
      merges_.push_back({hash, commit.generation, commit.parents});
    }
  }

  std::uint64_t generation(const Hash& commit) const {
    return commit == root_commit_hash() ? 0 : generations_.at(commit);
  }

  void check_merges() const {
    for (const Merge& merge : merges_) {
      std::uint64_t highest = 0;
      for (const Hash& parent : merge.parents) highest = std::max(highest, generation(parent));
      if (merge.generation - 1 == highest) continue;
      throw Corruption("commit " + merge.commit.hex() +
                       " has a generation that does not follow its parents'");
    }
  }

  bool has_seen(ObjectType type, const Hash& hash) const {
    return type == ObjectType::commit ? generations_.contains(hash) : trees_.has_seen(hash);
  }

  // Counts the objects of a type, and reads those no commit led to: which verifies their hash.
  void check_rest(ObjectType type) {
    std::uint64_t& count = type == ObjectType::commit ? report_.commits : report_.chunks;
    std::vector<Hash> rest;
    const char letter = static_cast<char>(type);
    chunks_.kv().visit_keys({&letter, 1}, [&](std::string_view key) {
      if (key.size() != kObjectKeySize) {
        throw Corruption("key " + printable(key) + " is not that of an object");
      }
      const Hash hash = *Hash::from_raw(key.substr(1));
      if (!has_seen(type, hash)) rest.push_back(hash);
      ++count;
      return true;
    });
    for (const Hash& hash : rest) chunks_.find(type, hash);
  }

  ChunkStore chunks_;
  TreeChecker trees_;
  std::vector<Open> open_;
  std::unordered_map<Hash, std::uint64_t> generations_;  // of the commits seen
  std::vector<Merge> merges_;
  CheckReport report_;
};

}  // namespace

CheckReport check_store(KVStore& kv, std::span<const Hash> extra_commits,
                        const std::function<void()>& checkpoint) {
  return StoreChecker(kv, checkpoint).run(extra_commits);
}

}  // namespace vkv
