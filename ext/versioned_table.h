// VersionedTable: one vkv table as this connection sees it, without the C interface.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/graph/eviction.h"
#include "core/graph/repository.h"
#include "core/graph/touches.h"
#include "core/tree/cursor.h"
#include "core/tree/mutate.h"
#include "ext/change_stamp.h"
#include "ext/connection.h"
#include "ext/staged_filter.h"
#include "ext/staged_table.h"
#include "ext/workspace_table.h"

namespace vkv::ext {

// What the session's workspace looks like at this moment.
struct WorkspaceState {
  std::optional<std::int64_t> row;  // its row in <t>_workspace; absent: never changed anything
  Hash row_base;  // the base in that row; stale while a shared workspace is clean or in the buffer
  std::string branch;
  std::optional<Hash> head;  // the branch's; absent when it was never created or is gone
  Hash base;                 // what uncommitted changes are relative to; HEAD to the user
  Hash root;                 // base's tree
  bool dirty = false;        // has staged rows
};

// For plans, of a table that has not been read yet: SQLite's own guess.
inline constexpr double kRowsGuess = 1'048'576;

class VersionedTable {
 public:
  // Reads nothing: a table whose shadow tables are damaged can still be dropped; they are checked
  // (format version, id, default branch) on first use.
  VersionedTable(std::shared_ptr<Connection> connection, std::string schema, std::string name);
  ~VersionedTable();

  // The same table from a place of its own, where it stays: the shared workspace of `branch`, or
  // the version that `ref`, as resolve() takes it, stands for now; that one must not be written to.
  // `view` is what errors call it until it is asked for again. What is pinned alike is one object,
  // which reads and writes through this one's statements, so that cursors of either notice the
  // other's writes. They live as long as this.
  VersionedTable& on_branch(const std::string& branch, std::string_view view);
  VersionedTable& at_version(const std::string& ref, std::string_view view);
  bool is_pinned() const { return store_ != nullptr; }
  // What this was pinned from; itself when it is not pinned.
  VersionedTable& store() { return is_pinned() ? *store_ : *this; }

  Connection& connection() { return *connection_; }
  const std::string& schema() const { return schema_; }
  const std::string& name() const { return name_; }
  // Whoever reads it row by row, other than by a cursor of the table itself, holds one.
  class Reader {
   public:
    explicit Reader(std::shared_ptr<VersionedTable> table) : table_(std::move(table)) {
      ++table_->store().readers_;
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { --table_->store().readers_; }

   private:
    std::shared_ptr<VersionedTable> table_;
  };
  bool has_readers() const { return readers_ > 0; }

  // Its shadow tables have another name from now on. Nothing may be reading it.
  void renamed(std::string_view name);

  Repository& repository();
  WorkspaceTable& workspaces();
  StagedTable& staged();
  Session& session();

  // A live table has rows and nothing else: its rows are what is staged in workspace 0 over an
  // empty tree, for good.
  bool is_live() { return config().is_live; }
  // Throws Unsupported, naming the table, when it is live.
  void require_versions();

  // The branch connections start on. It exists from the beginning, at the root commit, though its
  // ref is made by the first commit.
  std::string default_branch();
  void set_default_branch(std::string_view branch);
  // When keys are evicted; absent: never.
  const std::optional<WaterMarks>& water_marks() { return config().water; }
  Touches& touches();
  UserBytes& user_bytes();
  // Where keys are evicted, writes down that the keys were written, after those read since the last
  // time; should the transaction be undone, those are written down with the next.
  void record_touches(std::span<const Bytes> written);
  // Tells that the key was looked up, and found. Writes nothing; of no matter at a pinned version.
  void on_read(BytesView key) {
    if (evicts() && !is_version_) touches().on_read(key);
  }
  // The head of the branch; absent when there is no such branch.
  std::optional<Hash> head(std::string_view branch);
  // The same; throws InvalidArgument when there is no such branch.
  Hash existing_head(std::string_view branch);

  // The session's workspace, from memory while nothing can have changed it (sqlite-rules.md says
  // when that is known), else by indexed reads. Throws InvalidArgument, naming it and saying that
  // vkv_checkout leads out, when the session's place no longer exists. The reference lives until
  // the next call on this object.
  const WorkspaceState& state();
  // The same for a statement that reads the table, and so has a transaction on the schema.
  const WorkspaceState& state_in_statement();
  // Forgets what state() remembers. To be called after writing to the shadow tables directly.
  void invalidate() { about_to_write(); }
  // Tell that a transaction that writes to this table began, is about to be committed, was
  // committed, ended in whatever way. What state() remembers, if it holds in the transaction, holds
  // beyond a commit.
  void began();
  void about_to_commit();
  void committed();
  void ended() { in_write_ = false; }
  // Tells that a row of the SQL statement that is running was written here: SQLite counts it as a
  // change of its own when the statement ends.
  void expect_counted_row() {
    store().latest_writer_ = this;
    ++uncounted_rows_;
  }
  // How many rows the workspace has, from what was read last; only for planning. Runs no SQL: while
  // SQLite plans, a nested statement cannot recover from another connection's change of the schema.
  double estimated_rows();

  // Reading the workspace with its uncommitted changes. Touches the key.
  std::optional<Value> get(BytesView key);

  // Tells of a row that a query found: its UPDATE or DELETE is about to ask for it again.
  struct FoundRow {
    Hash root;
    Cursor::Position at;
  };
  void found(FoundRow row) { found_ = std::move(row); }

  // The row staged under the key in this workspace, which is the one state() told of or any other.
  // Where it knows that there is none, it runs no SQL.
  std::optional<StagedRow> find_staged(std::int64_t workspace, BytesView key);

  // Staging. Each checks everything before its first write; throws TooLarge for a key beyond
  // kMaxKeySize.
  enum class OnExisting { fail, replace, ignore };
  // Returns false when the key existed and was left alone (fail: the caller reports it).
  bool insert(BytesView key, ValueView value, OnExisting on_existing);
  void put(BytesView key, ValueView value);
  // Returns whether the key existed.
  bool erase(BytesView key);
  // Puts `value` under `to` and erases `from`, another key. Returns false, having done nothing,
  // when `to` exists and is not to be replaced.
  bool move(BytesView from, BytesView to, ValueView value, OnExisting on_existing);
  // Discards all staged rows of the session's workspace.
  void reset();

  // After a commit or merge brought the branch to `commit`: drops the staged rows, and moves the
  // base of a private workspace there (a shared one follows its branch). Since state() was last
  // asked, or invalidate() called, no other row of the workspace may have been written.
  void settle_at(const Hash& commit);
  // Whether a commit of all that is staged would write objects, then the branch's head, and nothing
  // else.
  bool commit_moves_head_alone();

  // Resolves a revision, HEAD being the session's base. Throws as require_versions() too.
  Hash resolve(std::string_view revision);

  void finalize_statements();

 private:
  // Everything that goes by the shadow tables' names.
  struct Storage;

  // What <t>_config says, and nobody changes.
  struct Config {
    std::string id;
    bool is_live = false;
    std::optional<WaterMarks> water;
  };

  explicit VersionedTable(VersionedTable& store);
  VersionedTable& pinned(const std::string& place, std::string_view view);

  Storage& storage();
  static void read_again(Storage& storage);
  const Config& config();
  // Whether keys are evicted, as far as the settings were read.
  bool evicts() {
    const auto& config = store().config_;
    return config && config->water;
  }
  Config read_config();

  [[noreturn]] void place_is_gone(const char* what, std::string_view name) const;
  WorkspaceState read_state();
  WorkspaceState live_state();
  // Of a shared workspace, of a private one that has a row, and of a detached one without.
  WorkspaceState shared_state(const std::string& branch);
  WorkspaceState private_state(const WorkspaceRow& row);
  WorkspaceState detached_state(const Session& session);
  const Hash& root_of(const Hash& commit);
  Hash resolve_name(std::string_view name);
  // Whether state_ is still true.
  bool holds(const std::optional<ChangeStamp>& now);

  // The workspace as a write finds it: as state(), but within one statement that undid every staged
  // change its base stays where it was.
  const WorkspaceState& state_to_write();
  const WorkspaceState& state_at(const std::optional<ChangeStamp>& now);
  std::optional<Value> read(BytesView key);
  std::optional<StoredValue> base_value(BytesView key);
  bool is_staged_removal(BytesView key);
  std::int64_t make_row();
  // Before the first row is staged in it.
  void begin_staging(std::int64_t row);
  void write_out(const StagedBuffer::Contents& staged);
  // Leaves sqlite3_changes64() at `changes`.
  void write_staged(const StagedBuffer::Contents& staged, std::int64_t changes);
  // Runs write(row) on the workspace's row in <t>_workspace, which it makes if need be, and records
  // that the workspace has `key` staged.
  template <typename Write>
  auto stage(BytesView key, const Write& write);
  void know_clean_at(const Hash& head);
  // Once it pays, reads the keys that are staged into the filter.
  void learn_staged_keys();
  // Removes what is staged under the key; returns whether there was something.
  bool unstage(BytesView key);
  // To be called before every write.
  void about_to_write() {
    stamp_.reset();
    store().latest_writer_ = this;
    ++store().writes_;
  }
  std::optional<ChangeStamp> current_stamp();
  void remember() {
    stamp_ = current_stamp();
    writes_seen_ = store().writes_;
  }

  std::shared_ptr<Connection> connection_;
  std::string schema_;
  std::string name_;
  VersionedTable* store_ = nullptr;                                // of a pinned one
  std::map<std::string, std::unique_ptr<VersionedTable>> pinned_;  // by place
  std::string place_, view_;                                       // of a pinned one
  bool is_version_ = false;                                        // pinned at a version

  // Only of one that is not pinned.
  std::unique_ptr<Storage> storage_;
  int readers_ = 0;
  std::optional<Config> config_;
  VersionedTable* latest_writer_ = nullptr;
  unsigned long long writes_ = 0;  // by it and what is pinned: those in memory move no stamp

  Session* session_ = nullptr;

  WorkspaceState state_;
  std::optional<ChangeStamp> stamp_;            // of state_; absent: not to be trusted
  bool in_write_ = false;                       // in a transaction that writes to this table
  std::optional<unsigned> write_data_version_;  // that transaction's, once it was asked for
  unsigned long long moves_ = 0;                // the session's, at state_
  unsigned long long writes_seen_ = 0;          // the store's, at state_
  sqlite3_int64 uncounted_rows_ = 0;            // rows written that stamp_ does not count yet
  StagedFilter staged_filter_;                  // of the workspace in state_
  std::size_t staged_lookups_ = 0;              // while the filter is unknown
  bool undone_ = false;  // the last staged row went, and nobody has read since

  // The latest commit whose tree was asked for, and a cursor kept for looking up single keys.
  std::optional<std::pair<Hash, Hash>> commit_and_root_;
  // What suffixes of revisions (~500) led to, from which commit: true for ever, and long to find.
  std::map<std::pair<Hash, std::string>, Hash> ancestors_;
  std::optional<Cursor> base_cursor_;
  Hash base_cursor_root_;
  std::optional<FoundRow> found_;
};

}  // namespace vkv::ext
