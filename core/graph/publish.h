// Publishing: making what is queued visible as a branch's new head.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/graph/repository.h"

namespace vkv {

// Forgets what is queued and was not written by the end of the scope.
class DiscardUnwritten {
 public:
  explicit DiscardUnwritten(Repository& repository) : repository_(repository) {}
  DiscardUnwritten(const DiscardUnwritten&) = delete;
  DiscardUnwritten& operator=(const DiscardUnwritten&) = delete;
  ~DiscardUnwritten() { repository_.discard(); }

 private:
  Repository& repository_;
};

// The head a branch is to move from, and what the new head is built on.
struct HeadMove {
  std::string_view branch;
  std::optional<Hash> from;  // absent: the branch is new
  std::vector<Hash> onto;    // commits that must still be in the store; `from` is, being a head
};

// Writes what is queued and makes `to` the branch's head: in the store's exclusive section where it
// has one, so that garbage collection, which runs there too, finds what is written reachable or
// does not find it yet. Throws ConcurrencyError when the head is elsewhere or one of `onto` is
// gone.
void publish(Repository& repository, const HeadMove& move, const Hash& to);

}  // namespace vkv
