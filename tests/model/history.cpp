#include "tests/model/history.h"

#include <algorithm>

namespace vkv::model {

std::optional<std::string> History::abbreviated(const std::string& digits) const {
  const auto first = commits_.lower_bound(digits);
  if (first == commits_.end() || !first->first.starts_with(digits)) return std::nullopt;
  const auto second = std::next(first);
  if (second != commits_.end() && second->first.starts_with(digits)) return std::nullopt;
  return first->first;
}

std::set<std::string> History::ancestors(const std::string& hash) const {
  std::set<std::string> seen;
  std::vector<std::string> waiting{hash};
  while (!waiting.empty()) {
    const std::string next = waiting.back();
    waiting.pop_back();
    if (!seen.insert(next).second) continue;
    const auto& parents = at(next).parents;
    waiting.insert(waiting.end(), parents.begin(), parents.end());
  }
  return seen;
}

std::set<std::string> History::best_common(const std::set<std::string>& a,
                                           const std::set<std::string>& b) const {
  std::set<std::string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::inserter(common, common.begin()));
  std::set<std::string> best = common;
  for (const std::string& commit : common) {
    if (!best.contains(commit)) continue;
    for (const std::string& ancestor : ancestors(commit)) {
      if (ancestor != commit) best.erase(ancestor);
    }
  }
  return best;
}

// Sets are in ascending hash order, the order in which several are merged.
Base History::merged(const std::set<std::string>& commits) const {
  std::optional<Base> result;
  std::set<std::string> merged_so_far;
  for (const std::string& hash : commits) {
    const Base next{*at(hash).rows, {}};
    const std::set<std::string> reached = ancestors(hash);
    result =
        result ? merge_bases(merged(best_common(merged_so_far, reached)), *result, next) : next;
    merged_so_far.insert(reached.begin(), reached.end());
  }
  return *result;
}

Base History::base_of(const std::string& a, const std::string& b) const {
  return merged(best_common(ancestors(a), ancestors(b)));
}

}  // namespace vkv::model
