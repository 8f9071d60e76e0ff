// The naive model: what a vkv table and the connections to it are to answer, by definition.
//
// It holds whole copies: each version all its rows, each savepoint all there is. A commit's hash it
// cannot know; it takes it from the real answer and then insists that equal commits and only equal
// ones have equal hashes.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/action.h"
#include "tests/model/bijection.h"
#include "tests/model/expected.h"
#include "tests/model/history.h"

namespace vkv::model {

class Model {
 public:
  // A table whose branch main has one commit, `first`, upon `root`, the root commit.
  Model(const std::string& root, const std::string& first, const Commit& first_commit);

  // Does `action`; what it must answer.
  Expected run(const Action& action, const Real& real);

  // All rows the connection sees under this name; null when the place no longer exists.
  RowsPtr rows(int connection, View view);
  bool in_transaction(int connection) const;
  // Whether a write would meet SQLITE_BUSY because others committed since the transaction began.
  bool is_stale(int connection) const;

  // Commits seen so far, oldest first, whether or not their transaction came through.
  const std::vector<std::string>& hashes() const { return seen_; }

 private:
  // Uncommitted rows, and what they are relative to.
  struct Workspace {
    std::string branch, base;
    RowsPtr rows;
    friend bool operator==(const Workspace&, const Workspace&) = default;
  };
  // All that a transaction covers.
  struct State {
    History history;
    std::string default_branch = "main";
    std::map<std::string, std::string> heads;  // by branch
    std::map<std::string, std::string> tags;
    std::map<std::string, Workspace> shared;  // by branch, those that are dirty
    // By name; of checked-out versions, whose name is @ and a number, those that were written to.
    std::map<std::string, Workspace> named;
    friend bool operator==(const State&, const State&) = default;
  };
  // Connection state, which no ROLLBACK moves.
  struct Session {
    std::string branch = "main";  // unless the workspace says another
    std::string workspace;        // empty: the branch's shared one
    std::string base;             // the version that was checked out; empty: none
  };
  struct Savepoint {
    std::string name;
    State state;
  };
  struct Connection {
    Session session;
    std::optional<State> view;  // inside a transaction
    unsigned version = 0;       // of the committed state it started from
    bool wrote = false;         // holds the write lock
    bool opened_by_savepoint = false;
    std::vector<Savepoint> savepoints;
  };
  // Where a connection is, resolved.
  struct Place {
    std::string branch, base;
    RowsPtr rows;
    bool dirty = false;
  };

  // model.cpp: places, transactions, statements
  Connection& current() { return connections_[connection_]; }
  const Connection& current() const { return connections_[connection_]; }
  State& state() { return current().view ? *current().view : committed_; }
  const State& state() const { return current().view ? *current().view : committed_; }
  bool other_writes() const;
  // Where the view is: the connection's session, but for that of a branch.
  Session session() const;
  std::optional<Place> place() const;
  std::string current_branch() const;  // also when the place is gone
  std::optional<Place> shared_place(const std::string& branch) const;
  // Stages: the place has these rows from now on.
  void put_rows(const Place& place, Rows rows);
  // The place's branch has its head at `hash`, the workspace is clean upon it.
  void settle(const Place& place, const std::string& hash);
  Expected run_locked_out(const Action& action, const Real& real);
  Expected run_writer(const Action& action, const Real& real);
  Expected write(const Action& action, const Real& real);
  Expected begin(bool by_savepoint, bool immediate);
  void end_transaction(bool keep);
  Expected end_savepoint(const Action& action);
  Expected transaction(const Action& action);

  // model_places.cpp: branches, tags, workspaces, the session
  Expected branch(const Action& action);
  Expected branch_delete(const Action& action);
  Expected branch_rename(const Action& action);
  Expected tag(const Action& action);
  Expected tag_delete(const Action& action);
  Expected reset();
  Expected refresh();
  Expected reset_to(const Action& action);
  Expected cas(const Action& action);
  Expected checkout(const Action& action);
  Expected workspace(const Action& action, const Real& real);
  Expected make_workspace(const Action& action);
  Expected workspace_delete(const Action& action);
  Expected move_to(Session session);

  // model_functions.cpp: commits and merges
  Expected commit(const Action& action, const Real& real);
  Expected merge(const Action& action, const Real& real);
  // The expectation is the hash the real answer names, now known as `commit`, the place's head.
  Expected settle_at_new(const Place& place, const Commit& commit, const Real& real);
  // Learns that the commit has this hash; false when that breaks the law of equal commits.
  bool record(const std::string& hash, const Commit& commit);
  static Expected conflict(const std::set<std::string>& keys, OnConflict on_conflict);

  // model_queries.cpp: functions that read
  std::optional<std::string> resolve(const std::string& ref) const;
  std::optional<std::string> resolve_name(const std::string& name) const;
  RowsPtr version(const std::string& ref) const;  // WORKING too; null when there is none
  Expected read(const Action& action) const;
  Expected query(const Action& action, const Real& real);
  Expected hash(const Action& action, const Real& real);
  Expected merge_base(const Action& action, const Real& real) const;
  Expected log(const Action& action) const;
  Expected branches() const;
  Expected tags() const;
  Expected workspaces() const;
  // How many rows are staged in it.
  std::int64_t staged(const Workspace& workspace) const;

  State committed_;
  unsigned version_ = 1;
  std::array<Connection, 2> connections_;
  std::size_t connection_ = 0;
  View view_ = View::table;
  int checkouts_ = 0;
  std::vector<std::string> seen_;
  Bijection commit_hashes_, state_hashes_;  // commit, content as text ↔ hash
};

// As text, equal for equal commits, rows.
std::string fingerprint(const Rows& rows);
std::string fingerprint(const Commit& commit);

}  // namespace vkv::model
