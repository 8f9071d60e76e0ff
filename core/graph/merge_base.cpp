#include "core/graph/merge_base.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"

namespace vkv {
namespace {

// Which histories a commit is in.
enum Paint : unsigned {
  kOfA = 1,
  kOfB = 2,
  kCommon = kOfA | kOfB,
  kStale = 4,  // below a common ancestor
};

// The commits to visit next, highest generation first. A commit leaves after all its descendants
// have, so its paint is final by then and it never comes back: only the frontier is in memory.
class Frontier {
 public:
  struct Visit {
    Hash hash;
    std::uint64_t generation = 0;
    std::vector<Hash> parents;
    unsigned paint = 0;
  };

  explicit Frontier(Repository& repository) : repository_(repository) {}

  void add(const Hash& hash, unsigned paint) { add(hash, repository_.commit(hash), paint); }

  // The parents of a commit that has left, unless their generation is below `lowest`.
  void add_parents(const Visit& child, unsigned paint, std::uint64_t lowest = 0) {
    for (const Hash& parent : child.parents) {
      Commit commit = repository_.commit(parent);
      if (commit.generation >= child.generation) {
        throw Corruption("commit " + child.hash.hex() + " has a generation not above its parents'");
      }
      if (commit.generation >= lowest) add(parent, std::move(commit), paint);
    }
  }

  bool empty() const { return commits_.empty(); }
  // Whether a commit is left that may be, or lead to, a best common ancestor.
  bool has_fresh() const { return fresh_ > 0; }

  Visit pop() {
    const auto node = commits_.extract(commits_.begin());
    if (!(node.mapped().paint & kStale)) --fresh_;
    return {node.key().second, node.key().first, std::move(node.mapped().parents),
            node.mapped().paint};
  }

 private:
  using Position = std::pair<std::uint64_t, Hash>;  // generation, commit
  struct Entry {
    std::vector<Hash> parents;
    unsigned paint = 0;
  };

  void add(const Hash& hash, Commit commit, unsigned paint) {
    const auto [it, inserted] = commits_.try_emplace({commit.generation, hash});
    Entry& entry = it->second;
    if (inserted) {
      entry.parents = std::move(commit.parents);
      ++fresh_;
    }
    if (!(entry.paint & kStale) && (paint & kStale)) --fresh_;
    entry.paint |= paint;
  }

  Repository& repository_;
  std::map<Position, Entry, std::greater<>> commits_;
  std::size_t fresh_ = 0;  // commits that are not stale
};

}  // namespace

std::vector<Hash> merge_bases(Repository& repository, std::span<const Hash> a,
                              std::span<const Hash> b) {
  Frontier frontier(repository);
  for (const Hash& hash : a) frontier.add(hash, kOfA);
  for (const Hash& hash : b) frontier.add(hash, kOfB);
  std::vector<Hash> bases;
  while (frontier.has_fresh()) {
    const Frontier::Visit visit = frontier.pop();
    const bool common = (visit.paint & kCommon) == kCommon;
    if (common && !(visit.paint & kStale)) bases.push_back(visit.hash);
    frontier.add_parents(visit, visit.paint | (common ? kStale : 0u));
  }
  std::sort(bases.begin(), bases.end());
  return bases;
}

std::vector<Hash> merge_bases(Repository& repository, const Hash& a, const Hash& b) {
  return merge_bases(repository, {&a, 1}, {&b, 1});
}

bool is_ancestor(Repository& repository, const Hash& ancestor, const Hash& descendant) {
  if (ancestor == descendant) return true;
  const std::uint64_t lowest = repository.commit(ancestor).generation;
  Frontier frontier(repository);
  frontier.add(descendant, kOfB);
  while (!frontier.empty()) {
    const Frontier::Visit visit = frontier.pop();
    if (visit.hash == ancestor) return true;
    if (visit.generation > lowest) frontier.add_parents(visit, kOfB, lowest);
  }
  return false;
}

}  // namespace vkv
