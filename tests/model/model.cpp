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

RowsPtr Model::rows(int connection) {
  connection_ = static_cast<std::size_t>(connection);
  const auto here = place();
  return here ? here->rows : nullptr;
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
  const Session& session = current().session;
  if (session.checkout == 0) return shared_place(session.branch);
  const auto found = state().detached.find(session.checkout);
  const std::string& base = found == state().detached.end() ? session.base : found->second.base;
  if (!state().history.contains(base)) return std::nullopt;
  const RowsPtr base_rows = state().history.at(base).rows;
  if (found == state().detached.end()) return Place{session.branch, base, base_rows, false};
  const RowsPtr& rows = found->second.rows;
  return Place{session.branch, base, rows, *rows != *base_rows};
}

void Model::put_rows(const Place& place, Rows rows) {
  const bool dirty = rows != *state().history.at(place.base).rows;
  Workspace workspace{place.branch, place.base, std::make_shared<Rows>(std::move(rows))};
  if (const int checkout = current().session.checkout; checkout != 0) {
    const bool known = state().detached.contains(checkout);
    if (dirty || known) state().detached[checkout] = std::move(workspace);
  } else if (dirty) {
    state().shared[place.branch] = std::move(workspace);
  } else {
    state().shared.erase(place.branch);
  }
}

void Model::settle(const Place& place, const std::string& hash) {
  state().heads[place.branch] = hash;
  if (const int checkout = current().session.checkout; checkout != 0) {
    state().detached[checkout] = {place.branch, hash, state().history.at(hash).rows};
  } else {
    state().shared.erase(place.branch);
  }
}

Expected Model::run(const Action& action, const Real& real) {
  connection_ = static_cast<std::size_t>(action.connection);
  if (action.kind == Kind::end) return {};
  if (action.kind == Kind::checkout) return checkout(action);
  if (action.kind <= Kind::remove_all) return run_writer(action, real);
  if (action.kind <= Kind::all) return read(action);
  if (action.kind <= Kind::reset) return run_writer(action, real);
  if (action.kind <= Kind::check) return query(action, real);
  return transaction(action);
}

// SQLite refuses a writing statement at its start when another connection holds the lock; a
// function may find out first that its arguments are wrong or that there is nothing to write.
Expected Model::run_locked_out(const Action& action, const Real& real) {
  if (action.kind <= Kind::remove_all) return Expected::error(SQLITE_BUSY);
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
    current().wrote |= action.kind <= Kind::remove_all || real.locked;
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
    case Kind::reset:
      return reset();
    default:
      break;
  }
  const auto here = place();
  if (!here) return without_place(action);
  RowsOutcome outcome = write_rows(action, *here->rows);
  if (outcome.rows) put_rows(*here, std::move(*outcome.rows));
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
