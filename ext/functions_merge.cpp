// vkv_merge, and what the latest merge did.
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/scratch_store.h"
#include "ext/function_call.h"
#include "ext/merge_options.h"

namespace vkv::ext {
namespace {

struct MergeCall {
  Arguments arguments;
  std::string source;
  CommitMetadata metadata;
  OnConflict on_conflict;
  bool no_ff = false;
  bool squash = false;
  bool dry_run = false;
};

MergeCall merge_call(const Arguments& arguments) {
  MergeCall wanted{.arguments = arguments,
                   .source = std::string(arguments.text(1)),
                   .metadata = {},
                   .on_conflict = OnConflict::raise};
  Options options = arguments.options(2);
  const auto message = options.text("message");
  wanted.metadata = metadata_options(options, message);
  wanted.on_conflict = on_conflict_option(options);
  wanted.no_ff = options.flag("no_ff");
  wanted.squash = options.flag("squash");
  wanted.dry_run = options.flag("dry_run");
  options.finish();
  return wanted;
}

// Merges into the session's branch, in `repository`.
WriteResult merge_source(VersionedTable& table, Repository& repository, const MergeCall& wanted) {
  const WorkspaceState state = table.state();
  if (state.dirty) {
    throw InvalidArgument("there are uncommitted changes; vkv_commit or vkv_reset first");
  }
  const Hash source = wanted.arguments.about(1, [&] { return table.resolve(wanted.source); });
  MergeRequest request{.branch = state.branch,
                       .base = state.base,
                       .source = source,
                       .metadata = wanted.metadata,
                       .no_ff = wanted.no_ff,
                       .squash = wanted.squash,
                       .rules = merge_rules(wanted.on_conflict)};
  if (!request.metadata.message) {
    request.metadata.message = "Merge " + wanted.source + " into " + state.branch;
  }
  return merge_into_branch(repository, request);
}

// The same over a store that keeps what is written to itself.
MergeReport try_merge(VersionedTable& table, const MergeCall& wanted) {
  ChunkStore& chunks = table.repository().chunks();
  ScratchStore scratch(chunks.kv());
  Repository repository(scratch, table.connection().node_cache());
  repository.chunks().set_checkpoint([&chunks] { chunks.checkpoint(); });
  try {
    MergeReport report = report_of(repository, merge_source(table, repository, wanted));
    report.commit.reset();
    return report;
  } catch (const NoCommonAncestor&) {
    if (wanted.on_conflict != OnConflict::abandon) throw NoCommonAncestor(kBranchWasRebased);
    return MergeReport::abandoned({});
  } catch (const MergeConflict& conflict) {
    return MergeReport::abandoned(conflict.conflicting_keys());
  }
}

void merge(FunctionCall& call) {
  const MergeCall wanted = merge_call(call.arguments());
  if (wanted.dry_run) {
    call.answer(to_json(try_merge(call.table_to_write(), wanted)));
    return;
  }
  write_merging(call, wanted.on_conflict, [&](VersionedTable& table) {
    WriteResult result = merge_source(table, table.repository(), wanted);
    table.settle_at(result.commit);
    return result;
  });
}

void last_merge(FunctionCall& call) {
  const auto report = call.table().session().last_merge;
  if (report) call.answer(to_json(*report));
}

constexpr Function kFunctions[] = {
    {"vkv_merge", Function::Effect::writes, 2, {"table", "source", "options"}, merge},
    {"vkv_last_merge", Function::Effect::reads, 1, {"table"}, last_merge},
};

}  // namespace

std::span<const Function> merge_functions() { return kFunctions; }

}  // namespace vkv::ext
