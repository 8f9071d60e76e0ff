// Moving the connection: to a branch, a version, or a private workspace.
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"
#include "ext/function_call.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

using Place = Session::Place;

Session shared_workspace(std::string branch) {
  Session session;
  session.branch = std::move(branch);
  return session;
}

Session named_workspace(std::string name, std::string branch) {
  Session session;
  session.place = Place::named;
  session.branch = std::move(branch);
  session.workspace = std::move(name);
  return session;
}

// <branch>@<hash>-<random>: names nobody else has.
std::string detached_name(const std::string& branch, const Hash& commit) {
  constexpr std::size_t digits = 8;
  char random[digits / 2];
  sqlite3_randomness(sizeof random, random);
  return branch + "@" + commit.hex().substr(0, digits) + "-" + to_hex({random, sizeof random});
}

Session detached_workspace(std::string branch, const Hash& commit) {
  Session session;
  session.place = Place::detached;
  session.workspace = detached_name(branch, commit);
  session.branch = std::move(branch);
  session.base = commit;
  return session;
}

// Known even when the place the session is in is gone.
std::string current_branch(VersionedTable& table) {
  const Session& session = table.session();
  if (session.place != Place::shared) {
    if (const auto row = table.workspaces().find_named(session.workspace)) return row->branch;
  }
  return session.branch;
}

void checkout(FunctionCall& call) {
  const std::string ref(call.arguments().text(1));
  Options options = call.arguments().options(2);
  auto branch = options.text("branch");
  options.finish();
  if (branch) call.arguments().about(2, [&] { check_ref_name("option branch: branch", *branch); });
  call.refuse_unless_movable();

  VersionedTable& table = call.table();
  const bool is_branch = table.head(ref).has_value();
  if (is_branch && branch && *branch != ref) {
    throw InvalidArgument(call.arguments().label(2) + ": option branch goes with a version, and " +
                          printable(ref) + " is a branch");
  }
  if (is_branch) {
    call.answer(call.move_session(shared_workspace(ref)));
    return;
  }
  const Hash commit = commit_argument(table, call.arguments(), 1);
  if (!branch) branch = current_branch(table);
  call.answer(call.move_session(detached_workspace(*std::move(branch), commit)));
}

// Back to the shared workspace of `branch`, or of the current one.
void leave_workspace(FunctionCall& call, std::optional<std::string> branch) {
  if (!branch) branch = current_branch(call.table());
  call.arguments().about(2, [&] { return call.table().existing_head(*branch); });
  call.answer(call.move_session(shared_workspace(*std::move(branch))));
}

// Makes the workspace unless there is one; returns its branch.
std::string find_or_make(VersionedTable& table, const std::string& name,
                         const std::optional<std::string>& branch) {
  if (const auto row = table.workspaces().find_named(name)) return row->branch;
  const std::string on = branch ? *branch : current_branch(table);
  table.workspaces().insert(name, on, table.existing_head(on));
  table.invalidate();
  return on;
}

void workspace(FunctionCall& call) {
  const auto name = call.arguments().optional_text(1);
  std::optional<std::string> branch;
  if (const auto given = call.arguments().optional_text(2)) branch = *given;
  if (name && name->empty()) {
    throw InvalidArgument(call.arguments().label(1) + " must not be empty");
  }
  call.refuse_unless_movable();
  if (!name) {
    leave_workspace(call, std::move(branch));
    return;
  }
  const std::string wanted(*name);
  std::string on;
  if (const auto row = call.table().workspaces().find_named(wanted)) {
    on = row->branch;
  } else {
    call.write([&](VersionedTable& table) {
      on = call.arguments().about(branch ? 2 : 1,
                                  [&] { return find_or_make(table, wanted, branch); });
    });
  }
  if (branch && *branch != on) {
    throw InvalidArgument("workspace " + printable(wanted) + " is on branch " + printable(on));
  }
  call.answer(call.move_session(named_workspace(wanted, on)));
}

void workspace_delete(FunctionCall& call) {
  const std::string_view name = call.arguments().text(1);
  Options options = call.arguments().options(2);
  const bool force = options.flag("force");
  options.finish();
  Hash base;
  call.write([&](VersionedTable& table) {
    const auto row = table.workspaces().find_named(name);
    if (!row) {
      throw InvalidArgument(call.arguments().label(1) + ": there is no workspace " +
                            printable(name));
    }
    const Session& session = table.store().session();
    if (session.place != Place::shared && session.workspace == name) {
      throw InvalidArgument("workspace " + printable(name) + " is the one this connection is in");
    }
    if (!force && table.staged().any(row->id)) {
      throw InvalidArgument("workspace " + printable(name) +
                            " has uncommitted changes; the option force discards them");
    }
    base = row->base;
    table.staged().clear(row->id);
    table.workspaces().erase(row->id);
    table.invalidate();
  });
  call.answer(base);
}

constexpr Function kFunctions[] = {
    {"vkv_checkout", Function::Effect::writes, 2, {"table", "ref", "options"}, checkout},
    {"vkv_workspace", Function::Effect::writes, 2, {"table", "name", "branch"}, workspace},
    {"vkv_workspace_delete",
     Function::Effect::writes,
     2,
     {"table", "name", "options"},
     workspace_delete},
};

}  // namespace

std::span<const Function> session_functions() { return kFunctions; }

}  // namespace vkv::ext
