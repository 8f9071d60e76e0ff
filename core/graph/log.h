// Walking history, newest first.
#pragma once

#include <deque>
#include <optional>
#include <unordered_set>

#include "core/graph/repository.h"

namespace vkv {

enum class LogOrder {
  first_parents,  // the chain of first parents
  all_parents,    // breadth-first over the whole graph, each commit once
};

// Lazy: each step reads one commit. The repository must outlive it.
class LogWalker {
 public:
  struct Item {
    Hash hash;
    Commit commit;
  };

  LogWalker(Repository& repository, const Hash& start, LogOrder order);
  // The next commit; absent after the root.
  std::optional<Item> next();

 private:
  Repository& repository_;
  LogOrder order_;
  std::deque<Hash> queue_;
  std::unordered_set<Hash> seen_;
};

}  // namespace vkv
