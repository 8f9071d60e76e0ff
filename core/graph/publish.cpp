#include "core/graph/publish.h"

#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv {
namespace {

[[noreturn]] void refuse(const HeadMove& move, const char* why) {
  throw ConcurrencyError("branch " + printable(move.branch) + " " + why);
}

void write_and_swap(Repository& repository, const HeadMove& move, const Hash& to) {
  for (const Hash& onto : move.onto) {
    if (onto != move.from && !repository.has_commit(onto)) {
      refuse(move, "cannot move: garbage collection took a commit it would build on");
    }
  }
  repository.flush();
  if (!repository.refs().swap_head(move.branch, to, move.from)) {
    refuse(move, "was moved by another writer");
  }
}

}  // namespace

void publish(Repository& repository, const HeadMove& move, const Hash& to) {
  const auto step = [&] { write_and_swap(repository, move, to); };
  if (!repository.chunks().kv().exclusive(step)) step();
}

}  // namespace vkv
