#include "core/graph/log.h"

namespace vkv {

LogWalker::LogWalker(Repository& repository, const Hash& start, LogOrder order)
    : repository_(repository), order_(order), queue_{start}, seen_{start} {}

std::optional<LogWalker::Item> LogWalker::next() {
  if (queue_.empty()) return std::nullopt;
  Item item{queue_.front(), repository_.commit(queue_.front())};
  queue_.pop_front();
  const std::vector<Hash>& parents = item.commit.parents;
  if (order_ == LogOrder::all_parents) {
    for (const Hash& parent : parents) {
      if (seen_.insert(parent).second) queue_.push_back(parent);
    }
  } else if (!parents.empty()) {
    queue_.push_back(parents.front());
  }
  return item;
}

}  // namespace vkv
