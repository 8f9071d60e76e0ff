// What there is: commits, the session's place, hashes, and whether all is well.
#include "core/graph/merge_base.h"
#include "core/kv/scratch_store.h"
#include "ext/function_call.h"
#include "ext/integrity.h"
#include "ext/staged_edits.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

void base_commit(FunctionCall& call) { call.answer(call.table().state().base); }

void current_branch(FunctionCall& call) {
  const std::string& branch = call.table().state().branch;
  if (!branch.empty()) call.answer(std::string_view(branch));  // a view of a version is on none
}

void has_changes(FunctionCall& call) {
  call.answer(std::int64_t{call.table().state().dirty ? 1 : 0});
}

// The tree the uncommitted changes would make, built where nobody sees it.
Hash working_root(VersionedTable& table) {
  const WorkspaceState state = table.state();
  if (!state.dirty) return state.root;
  constexpr std::size_t batch_bytes = std::size_t{1} << 20;
  ChunkStore& stored = table.repository().chunks();
  ScratchStore scratch(stored.kv(), ScratchStore::Memory::latest_batch);
  ChunkStore chunks(scratch, batch_bytes);
  chunks.set_checkpoint([&stored] { stored.checkpoint(); });
  NodeStore nodes(chunks, table.connection().node_cache());
  StagedEdits edits(table.staged().scan(*state.row, {}, {}, false), chunks);
  return apply_edits(nodes, state.root, edits);
}

void hash(FunctionCall& call) {
  const std::string_view ref = call.arguments().optional_text(1).value_or(kWorking);
  VersionedTable& table = call.table();
  call.answer(ref == kWorking
                  ? working_root(table)
                  : table.repository().commit(commit_argument(table, call.arguments(), 1)).root);
}

void merge_base(FunctionCall& call) {
  const Arguments& arguments = call.arguments();
  arguments.text(1);
  arguments.text(2);
  VersionedTable& table = call.table();
  const auto bases = merge_bases(table.repository(), commit_argument(table, arguments, 1),
                                 commit_argument(table, arguments, 2));
  if (!bases.empty()) call.answer(bases.front());
}

void rev_parse(FunctionCall& call) {
  call.arguments().text(1);
  call.answer(commit_argument(call.table(), call.arguments(), 1));
}

void check(FunctionCall& call) {
  check_table(call.table());
  call.answer(std::string_view("ok"));
}

constexpr auto kReads = Function::Effect::reads;
constexpr Function kFunctions[] = {
    {"vkv_current_commit", kReads, 1, {"table"}, base_commit},
    {"vkv_base_commit", kReads, 1, {"table"}, base_commit},
    {"vkv_current_branch", kReads, 1, {"table"}, current_branch},
    {"vkv_has_changes", kReads, 1, {"table"}, has_changes},
    {"vkv_hash", kReads, 1, {"table", "ref"}, hash},
    {"vkv_merge_base", kReads, 3, {"table", "a", "b"}, merge_base},
    {"vkv_rev_parse", kReads, 2, {"table", "revision"}, rev_parse},
    {"vkv_check", kReads, 1, {"table"}, check, kWorksOnLive},
};

}  // namespace

std::span<const Function> inspect_functions() { return kFunctions; }

}  // namespace vkv::ext
