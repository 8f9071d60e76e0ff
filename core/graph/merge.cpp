#include "core/graph/merge.h"

#include <algorithm>
#include <new>

#include "core/base/error.h"
#include "core/graph/merge_base.h"

namespace vkv {
namespace {

using Commits = std::vector<Hash>;  // ascending, each once
using Keys = std::set<std::string, std::less<>>;

// A tree to merge from: a commit's, or what merging several commits gave.
struct Base {
  Hash root;
  Keys unsettled;
};

std::optional<Value> load(ChunkStore& chunks, const std::optional<StoredValue>& stored) {
  if (!stored) return std::nullopt;
  return load_value(chunks, *stored);
}

// Asks the merge functions, and keeps what they threw.
class Judge {
 public:
  Judge(ChunkStore& chunks, const MergeRules& rules) : chunks_(chunks), rules_(rules) {}

  // A conflict when the function declines or may not be asked.
  Settlement settle(const Contest& contest) {
    if (contest.unsettled || !rules_.function) return {};
    return ask(rules_.function, contest, Settlement::Kind::conflict);
  }

  bool combines() const { return static_cast<bool>(rules_.equal_changes); }
  // Only when it combines().
  Settlement combine(const Contest& contest) {
    return ask(rules_.equal_changes, contest, Settlement::Kind::ours);
  }

  // By key: what the function threw when it was asked last.
  const std::map<std::string, std::string, std::less<>>& errors() const { return errors_; }

 private:
  Settlement ask(const MergeFunction& function, const Contest& contest,
                 Settlement::Kind if_declined) {
    const MergeInput input{contest.key, load(chunks_, contest.base), load(chunks_, contest.ours),
                           load(chunks_, contest.theirs)};
    if (const auto it = errors_.find(input.key); it != errors_.end()) errors_.erase(it);
    try {
      MergeAnswer answer = function(input);
      switch (answer.kind) {
        case MergeAnswer::Kind::value:
          return {Settlement::Kind::value, std::move(answer.value)};
        case MergeAnswer::Kind::removal:
          return {Settlement::Kind::removal, {}};
        case MergeAnswer::Kind::declined:
          break;
      }
      return {if_declined, {}};
    } catch (const Corruption&) {
      throw;
    } catch (const StorageError&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      errors_.emplace(input.key, error.what());
      return {};
    }
  }

  ChunkStore& chunks_;
  const MergeRules& rules_;
  std::map<std::string, std::string, std::less<>> errors_;
};

// Builds virtual bases. That of no commit is the empty tree, that of one its tree. That of several
// merges the last into the virtual base of the others, on the virtual base of their own best common
// ancestors. Each is built once, after those it needs.
class VirtualBases {
 public:
  VirtualBases(Repository& repository, Judge& judge) : repository_(repository), judge_(judge) {}

  const Base& of(const Commits& commits) {
    std::vector<Commits> open{commits};
    while (!open.empty()) {
      const Commits current = open.back();
      if (built_.contains(current)) {
        open.pop_back();
      } else if (current.size() <= 1) {
        built_.emplace(current, Base{root_of(current), {}});
      } else {
        build_or_open(current, open);
      }
    }
    return built_.at(commits);
  }

 private:
  Hash root_of(const Commits& commits) {
    return commits.empty() ? empty_root() : repository_.commit(commits.front()).root;
  }

  // Opens what `commits` needs and is not built yet, or else builds it.
  void build_or_open(const Commits& commits, std::vector<Commits>& open) {
    const Commits others(commits.begin(), commits.end() - 1);
    const Hash& last = commits.back();
    const Commits& ancestors = ancestors_of(commits, others, last);
    const auto base = built_.find(ancestors);
    const auto ours = built_.find(others);
    if (base == built_.end()) open.push_back(ancestors);
    if (ours == built_.end()) open.push_back(others);
    if (base == built_.end() || ours == built_.end()) return;
    built_.emplace(commits, merge(base->second, ours->second, repository_.commit(last).root));
  }

  const Commits& ancestors_of(const Commits& commits, const Commits& others, const Hash& last) {
    const auto it = ancestors_.find(commits);
    if (it != ancestors_.end()) return it->second;
    return ancestors_.emplace(commits, merge_bases(repository_, others, {&last, 1})).first->second;
  }

  // A key that is unsettled in `ours` stays so, for its value there is no one's.
  Base merge(const Base& base, const Base& ours, const Hash& theirs) {
    Base merged{{}, ours.unsettled};
    Keys untrusted = base.unsettled;
    untrusted.insert(ours.unsettled.begin(), ours.unsettled.end());
    TreeMergeHooks hooks;
    hooks.unsettled = &untrusted;
    hooks.settle = [&](const Contest& contest) {
      Settlement settlement = judge_.settle(contest);
      if (settlement.kind == Settlement::Kind::conflict) merged.unsettled.emplace(contest.key);
      return settlement;
    };
    if (judge_.combines()) {
      hooks.combine = [&](const Contest& contest) {
        Settlement settlement = judge_.combine(contest);
        if (settlement.kind == Settlement::Kind::conflict) merged.unsettled.emplace(contest.key);
        return settlement;
      };
    }
    merged.root = merge_trees(repository_.nodes(), base.root, ours.root, theirs, hooks);
    return merged;
  }

  Repository& repository_;
  Judge& judge_;
  std::map<Commits, Base> built_;
  std::map<Commits, Commits> ancestors_;
};

Settlement fall_back(MergeRules::Fallback fallback) {
  switch (fallback) {
    case MergeRules::Fallback::ours:
      return {Settlement::Kind::ours, {}};
    case MergeRules::Fallback::theirs:
      return {Settlement::Kind::theirs, {}};
    case MergeRules::Fallback::conflict:
      break;
  }
  return {};
}

TreeMergeHooks hooks_into(MergeOutcome& outcome, Judge& judge, MergeRules::Fallback fallback,
                          const Base& base) {
  TreeMergeHooks hooks;
  hooks.unsettled = &base.unsettled;
  hooks.on_auto_merged = [&](BytesView key) { outcome.auto_merged.emplace_back(key); };
  const auto note = [&outcome, fallback](const Contest& contest, Settlement settlement) {
    if (settlement.kind == Settlement::Kind::conflict) settlement = fall_back(fallback);
    if (settlement.kind == Settlement::Kind::conflict) outcome.conflicts.emplace_back(contest.key);
    return settlement;
  };
  hooks.settle = [&judge, note](const Contest& contest) {
    return note(contest, judge.settle(contest));
  };
  if (judge.combines()) {
    hooks.combine = [&judge, note](const Contest& contest) {
      return note(contest, judge.combine(contest));
    };
  }
  return hooks;
}

MergeOutcome merge_roots(Repository& repository, Commits bases, const Hash& ours,
                         const Hash& theirs, const MergeRules& rules) {
  MergeOutcome outcome;
  outcome.bases = std::move(bases);
  Judge judge(repository.chunks(), rules);
  VirtualBases virtual_bases(repository, judge);
  const Base& base = virtual_bases.of(outcome.bases);
  const TreeMergeHooks hooks = hooks_into(outcome, judge, rules.fallback, base);
  outcome.root = merge_trees(repository.nodes(), base.root, ours, theirs, hooks);
  for (const std::string& key : outcome.conflicts) {
    if (const auto it = judge.errors().find(key); it != judge.errors().end()) {
      outcome.errors.insert(*it);
    }
  }
  return outcome;
}

Commits common_ancestors(Repository& repository, const Hash& ours, const Hash& theirs) {
  Commits bases = merge_bases(repository, ours, theirs);
  if (bases.empty()) {
    throw NoCommonAncestor("commits " + ours.hex() + " and " + theirs.hex() +
                           " have no common ancestor: the branch was rebased; refresh");
  }
  return bases;
}

}  // namespace

MergeOutcome merge_commits(Repository& repository, const Hash& ours, const Hash& theirs,
                           const MergeRules& rules) {
  return merge_roots(repository, common_ancestors(repository, ours, theirs),
                     repository.commit(ours).root, repository.commit(theirs).root, rules);
}

MergeOutcome merge_changes(Repository& repository, const Hash& base, const Hash& ours,
                           const Hash& theirs, const MergeRules& rules) {
  return merge_roots(repository, common_ancestors(repository, base, theirs), ours,
                     repository.commit(theirs).root, rules);
}

}  // namespace vkv
