#include "core/graph/branch_writer.h"

#include <span>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/merge_base.h"

namespace vkv {
namespace {

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
struct Move {
  std::string_view branch;
  std::optional<Hash> from;  // absent: the branch is new
  Hash onto;                 // a commit that must still be in the store; `from` is, being a head
};

[[noreturn]] void refuse(const Move& move, const char* why) {
  throw ConcurrencyError("branch " + printable(move.branch) + " " + why);
}

void write_and_swap(Repository& repository, const Move& move, const Hash& to) {
  if (move.onto != move.from && !repository.has_commit(move.onto)) {
    refuse(move, "cannot move: garbage collection took a commit it would build on");
  }
  repository.flush();
  if (!repository.refs().swap_head(move.branch, to, move.from)) {
    refuse(move, "was moved by another writer");
  }
}

// Makes `to` the branch's head. Garbage collection runs in the store's exclusive section, so in
// there it finds what is written reachable, or does not find it yet.
void publish(Repository& repository, const Move& move, const Hash& to) {
  const auto step = [&] { write_and_swap(repository, move, to); };
  if (!repository.chunks().kv().exclusive(step)) step();
}

MergeOutcome merge_or_throw(Repository& repository, const Hash& ours, const Hash& theirs,
                            const MergeRules& rules) {
  MergeOutcome outcome = merge_commits(repository, ours, theirs, rules);
  if (!outcome.conflicts.empty()) {
    throw MergeConflict(std::move(outcome.conflicts), std::move(outcome.errors));
  }
  return outcome;
}

WriteResult commit_onto_moved_head(Repository& repository, const CommitRequest& request,
                                   const Hash& head, const Hash& root) {
  const Hash ours = repository.create_commit(root, {request.base}, {});
  MergeOutcome outcome = merge_or_throw(repository, ours, head, request.rules);
  const Hash merge = repository.create_commit(outcome.root, {head, ours}, request.metadata);
  publish(repository, {request.branch, head, request.base}, merge);
  return {merge, Strategy::three_way, std::move(outcome.auto_merged)};
}

WriteResult merge_three_way(Repository& repository, const MergeRequest& request, const Hash& head) {
  MergeOutcome outcome = merge_or_throw(repository, head, request.source, request.rules);
  if (request.squash && outcome.root == repository.commit(head).root) {
    return {head, Strategy::no_op, {}};
  }
  std::vector<Hash> parents{head};
  if (!request.squash) parents.push_back(request.source);
  const Hash merge = repository.create_commit(outcome.root, std::move(parents), request.metadata);
  publish(repository, {request.branch, head, request.source}, merge);
  return {merge, Strategy::three_way, std::move(outcome.auto_merged)};
}

}  // namespace

std::string_view to_string(Strategy strategy) {
  switch (strategy) {
    case Strategy::no_op:
      return "no_op";
    case Strategy::fast_forward:
      return "fast_forward";
    case Strategy::three_way:
      return "three_way";
  }
  return "unknown";
}

WriteResult commit_to_branch(Repository& repository, const CommitRequest& request,
                             EditSource& edits) {
  const DiscardUnwritten discard(repository);
  const Commit base = repository.commit(request.base);
  const Hash root = apply_edits(repository.nodes(), base.root, edits);
  if (root == base.root && !request.allow_empty) return {request.base, Strategy::no_op, {}};
  const std::optional<Hash> head = repository.refs().head(request.branch);
  if (head && *head != request.base) {
    return commit_onto_moved_head(repository, request, *head, root);
  }
  const Hash commit = repository.create_commit(root, {request.base}, request.metadata);
  publish(repository, {request.branch, head, request.base}, commit);
  return {commit, Strategy::fast_forward, {}};
}

WriteResult merge_into_branch(Repository& repository, const MergeRequest& request) {
  const DiscardUnwritten discard(repository);
  const std::optional<Hash> head = repository.refs().head(request.branch);
  if (!head) throw InvalidArgument("branch " + printable(request.branch) + " does not exist");
  const std::vector<Hash> bases = merge_bases(repository, *head, request.source);
  if (bases == std::vector{request.source}) return {*head, Strategy::no_op, {}};
  if (bases == std::vector{*head} && !request.no_ff && !request.squash) {
    publish(repository, {request.branch, *head, request.source}, request.source);
    return {request.source, Strategy::fast_forward, {}};
  }
  return merge_three_way(repository, request, *head);
}

}  // namespace vkv
