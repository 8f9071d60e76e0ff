#include "core/graph/branch_writer.h"

#include "core/base/error.h"
#include "core/graph/merge_base.h"
#include "core/graph/publish.h"

namespace vkv {
namespace {

MergeOutcome without_conflicts(MergeOutcome outcome) {
  if (!outcome.conflicts.empty()) {
    throw MergeConflict(std::move(outcome.conflicts), std::move(outcome.errors));
  }
  return outcome;
}

WriteResult commit_onto_moved_head(Repository& repository, const CommitRequest& request,
                                   const Hash& head, const Hash& root) {
  const Hash ours = repository.create_commit(root, {request.base}, {});
  MergeOutcome outcome =
      without_conflicts(merge_changes(repository, request.base, root, head, request.rules));
  const Hash merge = repository.create_commit(outcome.root, {head, ours}, request.metadata);
  publish(repository, {request.branch, head, {request.base}}, merge);
  return {merge, outcome.root, Strategy::three_way, std::move(outcome.auto_merged)};
}

WriteResult merge_three_way(Repository& repository, const MergeRequest& request,
                            const std::optional<Hash>& head, const Hash& ours) {
  MergeOutcome outcome =
      without_conflicts(merge_commits(repository, ours, request.source, request.rules));
  if (request.squash && outcome.root == repository.commit(ours).root) {
    return {ours, outcome.root, Strategy::no_op, {}};
  }
  std::vector<Hash> parents{ours};
  if (!request.squash) parents.push_back(request.source);
  const Hash merge = repository.create_commit(outcome.root, std::move(parents), request.metadata);
  publish(repository, {request.branch, head, {ours, request.source}}, merge);
  return {merge, outcome.root, Strategy::three_way, std::move(outcome.auto_merged)};
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
  const Hash base_root = repository.recall(request.base).root;
  const Hash root = apply_edits(repository.nodes(), base_root, edits);
  if (root == base_root && !request.allow_empty) {
    return {request.base, root, Strategy::no_op, {}};
  }
  const std::optional<Hash> head = repository.refs().head(request.branch);
  if (head && *head != request.base) {
    return commit_onto_moved_head(repository, request, *head, root);
  }
  const Hash commit = repository.create_commit(root, {request.base}, request.metadata);
  publish(repository, {request.branch, head, {request.base}}, commit);
  return {commit, root, Strategy::fast_forward, {}};
}

WriteResult merge_into_branch(Repository& repository, const MergeRequest& request) {
  const DiscardUnwritten discard(repository);
  const std::optional<Hash> head = repository.refs().head(request.branch);
  const Hash ours = head.value_or(request.base);
  const std::vector<Hash> bases = merge_bases(repository, ours, request.source);
  if (bases == std::vector{request.source}) {
    return {ours, repository.commit(ours).root, Strategy::no_op, {}};
  }
  if (bases == std::vector{ours} && !request.no_ff && !request.squash) {
    const Hash root = repository.commit(request.source).root;
    publish(repository, {request.branch, head, {request.source}}, request.source);
    return {request.source, root, Strategy::fast_forward, {}};
  }
  return merge_three_way(repository, request, head, ours);
}

}  // namespace vkv
