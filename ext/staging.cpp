// VersionedTable: reading and writing rows of the workspace.
//
// A staged row differs from its base: a tombstone stands only for a key of the base, a value never
// for an equal one. So a key that the base does not have exists exactly if something is staged
// under it, which the staged table's own INSERT tells; and a row put back to its base value is
// unstaged.
#include <bit>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "ext/last_insert_rowid.h"
#include "ext/staged_edits.h"
#include "ext/table_storage.h"

namespace vkv::ext {
namespace {

void check_key(BytesView key) {
  if (key.size() <= kMaxKeySize) return;
  throw TooLarge("key " + printable(key) + " has " + std::to_string(key.size()) +
                 " bytes; at most " + std::to_string(kMaxKeySize) + " are allowed");
}

// Lets this connection write although PRAGMA query_only is set.
class LiftQueryOnly {
 public:
  explicit LiftQueryOnly(sqlite3* db) : db_(db) { execute(db_, "PRAGMA query_only = 0"); }
  LiftQueryOnly(const LiftQueryOnly&) = delete;
  LiftQueryOnly& operator=(const LiftQueryOnly&) = delete;
  // Nothing but an authorizer can refuse it, and that has let the first one pass.
  ~LiftQueryOnly() { sqlite3_exec(db_, "PRAGMA query_only = 1", nullptr, nullptr, nullptr); }

 private:
  sqlite3* db_;
};

bool is_query_only(sqlite3* db) {
  Statement statement(db, "PRAGMA query_only");
  Statement::Run run(statement);
  return run.step() && run.int64(0) != 0;
}

}  // namespace

std::optional<StoredValue> VersionedTable::base_value(BytesView key) {
  if (found_ && found_->root == state_.root && found_->at.has_key(key)) return found_->at.value();
  if (state_.root == empty_root()) return {};
  if (!base_cursor_ || base_cursor_root_ != state_.root) {
    base_cursor_.reset();
    base_cursor_.emplace(repository().nodes(), state_.root);
    base_cursor_root_ = state_.root;
  }
  if (!base_cursor_->find(key)) return {};
  return base_cursor_->value();
}

// Reading a staged key costs about a fourth of looking one up: so learning never costs much more
// than the lookups before it did.
void VersionedTable::learn_staged_keys() {
  constexpr std::size_t kFirst = 256;
  ++staged_lookups_;
  if (staged_lookups_ < kFirst || !std::has_single_bit(staged_lookups_)) return;
  staged_filter_.reset();
  const auto rows = staged().scan(*state_.row, {}, {}, false);
  std::size_t limit = 4 * staged_lookups_;
  while (rows->next()) {
    if (limit-- == 0) return staged_filter_.forget();
    staged_filter_.add(rows->key());
  }
}

std::optional<StagedRow> VersionedTable::find_staged(std::int64_t workspace, BytesView key) {
  if (workspace == state_.row && state_.dirty) {
    if (!staged_filter_.known() && !storage().buffer.holds(workspace)) learn_staged_keys();
    if (staged_filter_.excludes(key)) return {};
  }
  return staged().find(workspace, key);
}

bool VersionedTable::is_staged_removal(BytesView key) {
  if (!state_.dirty) return false;
  const auto row = find_staged(*state_.row, key);
  return row && !row->value;
}

std::optional<Value> VersionedTable::get(BytesView key) {
  auto value = read(key);
  if (value) on_read(key);
  return value;
}

std::optional<Value> VersionedTable::read(BytesView key) {
  if (state().dirty) {
    if (auto row = find_staged(*state_.row, key)) return std::move(row->value);
  }
  const auto stored = base_value(key);
  if (!stored) return {};
  return load_value(repository().chunks(), *stored);
}

std::int64_t VersionedTable::make_row() {
  if (state_.row) return *state_.row;
  const auto name = session().place == Session::Place::shared
                        ? std::nullopt
                        : std::optional<std::string_view>(session().workspace);
  return workspaces().insert(name, state_.branch, state_.base);
}

// The row of a clean shared workspace, kept for the next change, says nothing about the base.
void VersionedTable::begin_staging(std::int64_t row) {
  StagedBuffer& buffer = storage().buffer;
  const bool goes_on = sqlite3_get_autocommit(connection_->db()) == 0;
  if (goes_on && connection_->buffers().are_open() && buffer.is_free() && !is_live()) {
    return buffer.start(row, state_.base);
  }
  if (state_.row && state_.row_base != state_.base) workspaces().set_base(row, state_.base);
  state_.row_base = state_.base;
}

void VersionedTable::write_staged(const StagedBuffer::Contents& staged, std::int64_t changes) {
  this->staged().write(staged.workspace, *staged.rows);
  workspaces().set_base(staged.workspace, staged.base);
  if (changes != 1) workspaces().repeat_base(staged.workspace, staged.base, changes);
}

// What is remembered of the table stays true; nor may the application see it in what SQLite tells
// of the statement before.
void VersionedTable::write_out(const StagedBuffer::Contents& staged) {
  sqlite3* const db = connection_->db();
  const KeepLastInsertRowid keep(db);
  const sqlite3_int64 changes = staged.is_batch ? 1 : sqlite3_changes64(db);
  VersionedTable* const writer = latest_writer_;
  const bool holds = writer != nullptr && writer->holds(writer->current_stamp());
  try {
    write_staged(staged, changes);
  } catch (const StorageError& error) {
    // The application wrote these rows before it set the PRAGMA.
    if ((error.code() & 0xff) != SQLITE_READONLY || !is_query_only(db)) throw;
    const LiftQueryOnly lift(db);
    write_staged(staged, changes);
  }
  if (writer != nullptr && writer->state_.row == staged.workspace) {
    writer->state_.row_base = staged.base;
  }
  if (holds) writer->remember();
}

template <typename Write>
auto VersionedTable::stage(BytesView key, const Write& write) {
  const bool is_new = !state_.row;
  about_to_write();
  const std::int64_t row = make_row();
  try {
    if (!state_.dirty) begin_staging(row);
    const auto result = write(row);
    state_.row = row;
    state_.dirty = true;
    staged_filter_.add(key);
    undone_ = false;
    remember();
    return result;
  } catch (...) {
    // No savepoint need be around this (a single-row INSERT has none): undo what came before.
    if (!state_.dirty && storage().buffer.holds(row)) storage().buffer.clear();
    if (is_new) workspaces().erase(row);
    throw;
  }
}

bool VersionedTable::unstage(BytesView key) {
  if (!state_.dirty || staged_filter_.excludes(key)) return false;
  about_to_write();
  if (!staged().erase(*state_.row, key)) {
    remember();
    return false;
  }
  if (!staged().any(*state_.row)) {
    state_.dirty = false;
    undone_ = true;
  }
  remember();
  return true;
}

bool VersionedTable::insert(BytesView key, ValueView value, OnExisting on_existing) {
  if (on_existing == OnExisting::replace) {
    put(key, value);
    return true;
  }
  check_key(key);
  state_to_write();
  if (!base_value(key)) {
    return stage(key, [&](std::int64_t row) {
      return staged().insert(row, key, value, staged_filter_.excludes(key));
    });
  }
  if (!is_staged_removal(key)) return false;
  put(key, value);
  return true;
}

void VersionedTable::put(BytesView key, ValueView value) {
  check_key(key);
  state_to_write();
  const auto base = base_value(key);
  if (base && equal_values(repository().chunks(), base, value)) {
    unstage(key);
    return;
  }
  stage(key, [&](std::int64_t row) {
    staged().put(row, key, value);
    return true;
  });
}

bool VersionedTable::erase(BytesView key) {
  state_to_write();
  if (!base_value(key)) return unstage(key);
  if (is_staged_removal(key)) return false;
  return stage(key, [&](std::int64_t row) {
    staged().put(row, key, std::nullopt);
    return true;
  });
}

bool VersionedTable::move(BytesView from, BytesView to, ValueView value, OnExisting on_existing) {
  check_key(to);
  state_to_write();
  base_value(from);  // what cannot be read is found out before the first write
  if (!insert(to, value, on_existing)) return false;
  erase(from);
  return true;
}

void VersionedTable::reset() {
  state();
  if (!state_.row) return;
  about_to_write();
  staged().clear(*state_.row);
}

void VersionedTable::settle_at(const Hash& commit) {
  if (!stamp_) state();
  about_to_write();
  if (state_.dirty) staged().clear(*state_.row);
  if (session().place == Session::Place::shared) return know_clean_at(commit);
  if (state_.row) {
    workspaces().set_base(*state_.row, commit);
  } else {
    workspaces().insert(session().workspace, state_.branch, commit);
  }
}

bool VersionedTable::commit_moves_head_alone() {
  if (!storage_ || storage_->buffer.is_free() || storage_->buffer.has_written() || evicts()) {
    return false;
  }
  const WorkspaceState& now = state();
  return session().place == Session::Place::shared && now.row && storage_->buffer.holds(*now.row) &&
         now.head.value_or(now.base) == now.base;
}

// What read_state() would find of a shared workspace now. The head of a branch that was never
// committed to stays absent.
void VersionedTable::know_clean_at(const Hash& head) {
  state_.root = root_of(head);
  if (head != state_.base) state_.head = head;
  state_.base = head;
  state_.dirty = false;
  staged_filter_.reset();
  remember();
}

}  // namespace vkv::ext
