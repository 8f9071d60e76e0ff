// Branches: making, deleting and renaming them.
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"
#include "ext/function_call.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

// Within the SQL transaction nobody else can move a head.
void require(bool swapped, std::string_view branch) {
  if (!swapped) throw ConcurrencyError("branch " + printable(branch) + " has moved");
}

void make_branch(VersionedTable& table, std::string_view name, const Hash& at) {
  if (table.head(name)) throw InvalidArgument("branch " + printable(name) + " exists already");
  require(table.repository().refs().swap_head(name, at, std::nullopt), name);
}

void branch(FunctionCall& call) {
  const Arguments& arguments = call.arguments();
  const std::string_view name = arguments.text(1);
  const bool at = arguments.optional_text(2).has_value();
  arguments.about(1, [&] { check_ref_name("branch", name); });
  Hash commit;
  call.write([&](VersionedTable& table) {
    commit = at ? commit_argument(table, arguments, 2) : table.state().base;
    arguments.about(1, [&] { make_branch(table, name, commit); });
  });
  call.answer(commit);
}

// How an error message calls a workspace of the branch.
std::string described(const WorkspaceRow& row) {
  return row.name ? " in workspace " + printable(*row.name) : std::string();
}

void drop_workspaces(VersionedTable& table, std::string_view branch, bool force) {
  for (const WorkspaceRow& row : table.workspaces().on_branch(branch)) {
    if (!force && table.staged().any(row.id)) {
      throw InvalidArgument("branch " + printable(branch) + " has uncommitted changes" +
                            described(row) + "; the option force discards them");
    }
    table.staged().clear(row.id);
    table.workspaces().erase(row.id);
  }
  table.invalidate();
}

void branch_delete(FunctionCall& call) {
  const std::string_view name = call.arguments().text(1);
  Options options = call.arguments().options(2);
  const bool force = options.flag("force");
  options.finish();
  Hash head;
  call.write([&](VersionedTable& table) {
    head = call.arguments().about(1, [&] { return table.existing_head(name); });
    if (name == table.default_branch()) {
      throw InvalidArgument("branch " + printable(name) + " is the one connections start on");
    }
    if (name == table.state().branch || name == table.store().state().branch) {
      throw InvalidArgument("branch " + printable(name) + " is the one this connection is on");
    }
    drop_workspaces(table, name, force);
    require(table.repository().refs().delete_branch(name, head), name);
  });
  call.answer(head);
}

void branch_rename(FunctionCall& call) {
  const std::string from(call.arguments().text(1));
  const std::string to(call.arguments().text(2));
  call.arguments().about(2, [&] { check_ref_name("branch", to); });
  call.refuse_while_writing();
  Hash head;
  Session* session = nullptr;
  call.write([&](VersionedTable& table) {
    if (table.is_pinned() && table.session().branch == from) {
      throw InvalidArgument("branch " + printable(from) + " is the one the view is of");
    }
    session = &table.store().session();
    head = call.arguments().about(1, [&] { return table.existing_head(from); });
    call.arguments().about(2, [&] { make_branch(table, to, head); });
    table.repository().refs().delete_branch(from, head);
    table.workspaces().rename_branch(from, to);
    if (from == table.default_branch()) table.set_default_branch(to);
    table.invalidate();
  });
  if (session->branch == from) {
    session->branch = to;
    ++session->moves;
  }
  call.answer(head);
}

constexpr Function kFunctions[] = {
    {"vkv_branch", Function::Effect::writes, 2, {"table", "name", "at"}, branch},
    {"vkv_branch_delete", Function::Effect::writes, 2, {"table", "name", "options"}, branch_delete},
    {"vkv_branch_rename", Function::Effect::writes, 3, {"table", "from", "to"}, branch_rename},
};

}  // namespace

std::span<const Function> branch_functions() { return kFunctions; }

}  // namespace vkv::ext
