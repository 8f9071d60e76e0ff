#include "tests/model/model.h"

#include <algorithm>

#include "tests/model/row_statements.h"

namespace vkv::model {

Model::Model(const std::string& root, const std::string& first, const Commit& first_commit) {
  record(root, {std::make_shared<Rows>(), {}, {}, {}, {}});
  record(first, first_commit);
  state().heads["main"] = first;
}

bool Model::in_transaction(int connection) const {
  return connections_.at(static_cast<std::size_t>(connection)).view.has_value();
}

bool Model::is_stale(int connection) const {
  const Connection& c = connections_.at(static_cast<std::size_t>(connection));
  return c.view && c.version != version_;
}

bool Model::other_writes() const { return connections_.at(1 - connection_).wrote; }

RowsPtr Model::rows(int connection, View view) {
  connection_ = static_cast<std::size_t>(connection);
  view_ = view;
  const auto here = place();
  return here ? shown(view, here->rows) : nullptr;
}

Model::Session Model::session() const {
  if (view_ == View::branch) return {kViewedBranch, "", ""};
  return current().session;
}

std::optional<Model::Place> Model::shared_place(const std::string& branch) const {
  const auto head = state().heads.find(branch);
  if (head == state().heads.end()) return std::nullopt;
  const auto found = state().shared.find(branch);
  if (found != state().shared.end()) {
    return Place{branch, found->second.base, found->second.rows, true};
  }
  return Place{branch, head->second, state().history.at(head->second).rows, false};
}

std::optional<Model::Place> Model::place() const {
  const Session session = this->session();
  if (session.workspace.empty()) return shared_place(session.branch);
  const auto found = state().named.find(session.workspace);
  if (found != state().named.end()) {
    const auto& [branch, base, rows] = found->second;
    const RowsPtr& base_rows = state().history.at(base).rows;
    return Place{branch, base, rows, rows != base_rows && *rows != *base_rows};
  }
  if (!state().history.contains(session.base)) return std::nullopt;
  return Place{session.branch, session.base, state().history.at(session.base).rows, false};
}

std::string Model::current_branch() const {
  const auto found = state().named.find(session().workspace);
  return found == state().named.end() ? session().branch : found->second.branch;
}

void Model::put_rows(const Place& place, Rows rows) {
  const bool dirty = rows != *state().history.at(place.base).rows;
  Workspace workspace{place.branch, place.base, std::make_shared<Rows>(std::move(rows))};
  if (const std::string name = session().workspace; !name.empty()) {
    if (dirty || state().named.contains(name)) state().named[name] = std::move(workspace);
  } else if (dirty) {
    state().shared[place.branch] = std::move(workspace);
  } else {
    state().shared.erase(place.branch);
  }
}

void Model::settle(const Place& place, const std::string& hash) {
  state().heads[place.branch] = hash;
  if (const std::string name = session().workspace; !name.empty()) {
    state().named[name] = {place.branch, hash, state().history.at(hash).rows};
  } else {
    state().shared.erase(place.branch);
  }
}

Expected Model::run(const Action& action, const Real& real) {
  connection_ = static_cast<std::size_t>(action.connection);
  view_ = action.view;
  switch (group_of(action.kind)) {
    case Group::changes_rows:
    case Group::writes:
      return run_writer(action, real);
    case Group::reads_rows:
      return read(action);
    case Group::moves:
      return action.kind == Kind::checkout ? checkout(action) : workspace(action, real);
    case Group::queries:
      return query(action, real);
    case Group::transaction:
      return transaction(action);
    default:
      return {};
  }
}

// SQLite refuses a writing statement at its start when another connection holds the lock; a
// function may find out first that its arguments are wrong or that there is nothing to write.
Expected Model::run_locked_out(const Action& action, const Real& real) {
  if (group_of(action.kind) == Group::changes_rows) return Expected::error(SQLITE_BUSY);
  Model undisturbed = *this;
  Expected expected = undisturbed.write(action, real);
  const bool nothing_to_write = undisturbed.state() == state();
  if (!nothing_to_write) expected.codes.clear();
  expected.codes.insert(SQLITE_BUSY);
  return expected;
}

Expected Model::run_writer(const Action& action, const Real& real) {
  if (other_writes()) return run_locked_out(action, real);
  Expected expected = write(action, real);
  // A function that finds nothing to write may do without the lock.
  if (current().view) {
    current().wrote |= group_of(action.kind) == Group::changes_rows || real.locked;
  } else {
    ++version_;
  }
  return expected;
}

Expected Model::write(const Action& action, const Real& real) {
  switch (action.kind) {
    case Kind::commit:
      return commit(action, real);
    case Kind::merge:
      return merge(action, real);
    case Kind::branch:
      return branch(action);
    case Kind::branch_delete:
      return branch_delete(action);
    case Kind::branch_rename:
      return branch_rename(action);
    case Kind::tag:
      return tag(action);
    case Kind::tag_delete:
      return tag_delete(action);
    case Kind::reset:
      return reset();
    case Kind::refresh:
      return refresh();
    case Kind::reset_to:
      return reset_to(action);
    case Kind::cas:
      return cas(action);
    case Kind::workspace:
      return make_workspace(action);
    case Kind::workspace_delete:
      return workspace_delete(action);
    default:
      break;
  }
  const auto here = place();
  // What can be no key is refused before anybody asks where it would go.
  const bool is_refused_anywhere = action.kind == Kind::insert && !key_of(action.key);
  if (!here && !is_refused_anywhere) return without_place(action);
  RowsOutcome outcome = write_rows(action, here ? *shown(view_, here->rows) : Rows{});
  if (here && outcome.rows)
    put_rows(*here, with_shown(view_, here->rows, std::move(*outcome.rows)));
  if (outcome.rolls_back) end_transaction(false);
  return outcome.expected;
}

Expected Model::begin(bool by_savepoint, bool immediate) {
  if (immediate && other_writes()) return Expected::error(SQLITE_BUSY);
  current().view = committed_;
  current().version = version_;
  current().wrote = immediate;
  current().opened_by_savepoint = by_savepoint;
  current().savepoints.clear();
  return {};
}

void Model::end_transaction(bool keep) {
  if (!current().view) return;
  if (keep && current().wrote) {
    committed_ = std::move(*current().view);
    ++version_;
  }
  current().view.reset();
  current().wrote = false;
  current().savepoints.clear();
}

Expected Model::end_savepoint(const Action& action) {
  auto& savepoints = current().savepoints;
  const auto found = std::find_if(savepoints.rbegin(), savepoints.rend(),
                                  [&](const Savepoint& s) { return s.name == action.name; });
  if (found == savepoints.rend()) return Expected::error(SQLITE_ERROR);
  const auto mark = found.base() - 1;
  if (action.kind == Kind::rollback_to) {
    current().view = mark->state;
    savepoints.erase(mark + 1, savepoints.end());
  } else if (mark == savepoints.begin() && current().opened_by_savepoint) {
    end_transaction(true);
  } else {
    savepoints.erase(mark, savepoints.end());
  }
  return {};
}

Expected Model::transaction(const Action& action) {
  const bool inside = current().view.has_value();
  switch (action.kind) {
    case Kind::begin:
    case Kind::begin_immediate:
      return inside ? Expected::error(SQLITE_ERROR)
                    : begin(false, action.kind == Kind::begin_immediate);
    case Kind::commit_transaction:
    case Kind::rollback:
      if (!inside) return Expected::error(SQLITE_ERROR);
      end_transaction(action.kind == Kind::commit_transaction);
      return {};
    case Kind::savepoint:
      if (!inside) begin(true, false);
      current().savepoints.push_back({action.name, state()});
      return {};
    default:
      return end_savepoint(action);
  }
}

}  // namespace vkv::model
