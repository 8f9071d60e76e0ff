// What becomes of a workspace's uncommitted changes and base: reset, refresh, reset_to.
#include "core/base/error.h"
#include "core/base/printable.h"
#include "ext/function_call.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

void reset(FunctionCall& call) {
  Hash base;
  call.write([&](VersionedTable& table) {
    table.reset();
    base = table.state().base;
  });
  call.answer(base);
}

void refresh(FunctionCall& call) {
  Hash head;
  call.write([&](VersionedTable& table) {
    head = table.existing_head(table.state().branch);
    table.settle_at(head);
  });
  call.answer(head);
}

void reset_to(FunctionCall& call) {
  call.arguments().text(1);
  Hash commit;
  call.write([&](VersionedTable& table) {
    const WorkspaceState state = table.state();
    if (state.dirty) throw InvalidArgument("there are uncommitted changes; vkv_reset first");
    commit = commit_argument(table, call.arguments(), 1);
    Refs& refs = table.repository().refs();
    if (!refs.swap_head(state.branch, commit, refs.head(state.branch))) {
      throw ConcurrencyError("branch " + printable(state.branch) + " has moved");
    }
    table.settle_at(commit);
  });
  call.answer(commit);
}

constexpr Function kFunctions[] = {
    {"vkv_reset", Function::Effect::writes, 1, {"table"}, reset},
    {"vkv_refresh", Function::Effect::writes, 1, {"table"}, refresh},
    {"vkv_reset_to", Function::Effect::writes, 2, {"table", "commit"}, reset_to},
};

}  // namespace

std::span<const Function> workspace_functions() { return kFunctions; }

}  // namespace vkv::ext
