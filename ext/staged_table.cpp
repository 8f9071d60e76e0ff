#include "ext/staged_table.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/shadow_tables.h"
#include "ext/sql_value.h"

namespace vkv::ext {
namespace {

std::string scan_sql(const std::string& table, bool has_upper, bool descending) {
  return "SELECT key, removed, value FROM " + table + " WHERE workspace = ?1 AND key >= ?2" +
         (has_upper ? " AND key <= ?3" : "") +
         (descending ? " ORDER BY key DESC" : " ORDER BY key");
}

// Unlike OR REPLACE, this writes over a row that is there in its place.
constexpr const char* kOverwrite =
    " ON CONFLICT(workspace, key) DO UPDATE SET removed = excluded.removed, value = excluded.value";

void bind_key(Statement::Run& run, std::int64_t workspace, BytesView key) {
  run.bind_int64(1, workspace);
  run.bind_blob(2, key);
}

}  // namespace

StagedTable::StagedTable(sqlite3* db, std::string_view schema, std::string_view table,
                         StagedBuffer& buffer)
    : db_(db),
      buffer_(buffer),
      table_(qualified_shadow_name(schema, table, "staged")),
      insert_(db, "INSERT INTO " + table_ + " VALUES(?1, ?2, 0, ?3) ON CONFLICT DO NOTHING"),
      put_(db, "INSERT INTO " + table_ + " VALUES(?1, ?2, 0, ?3)" + kOverwrite),
      put_removal_(db, "INSERT INTO " + table_ + " VALUES(?1, ?2, 1, NULL)" + kOverwrite),
      erase_(db, "DELETE FROM " + table_ + " WHERE workspace = ?1 AND key = ?2"),
      find_(db, "SELECT removed, value FROM " + table_ + " WHERE workspace = ?1 AND key = ?2"),
      any_(db, "SELECT 1 FROM " + table_ + " WHERE workspace = ?1 LIMIT 1"),
      any_other_(db, "SELECT EXISTS(SELECT 1 FROM " + table_ +
                         " WHERE workspace < ?1) OR EXISTS(SELECT 1 FROM " + table_ +
                         " WHERE workspace > ?1)"),
      count_(db, "SELECT count(*) FROM " + table_ + " WHERE workspace = ?1"),
      clear_(db, "DELETE FROM " + table_ + " WHERE workspace = ?1"),
      clear_all_(db, "DELETE FROM " + table_),
      scan_statements_{{{scan_sql(table_, false, false), {}},
                        {scan_sql(table_, false, true), {}},
                        {scan_sql(table_, true, false), {}},
                        {scan_sql(table_, true, true), {}}}} {}

bool StagedTable::is_removal(sqlite3_value* removed, BytesView key) {
  const std::int64_t answer =
      sqlite3_value_type(removed) == SQLITE_INTEGER ? sqlite3_value_int64(removed) : -1;
  if (answer != 0 && answer != 1) {
    throw Corruption("staged row " + printable(key) + " is damaged");
  }
  return answer == 1;
}

bool StagedTable::insert(std::int64_t workspace, BytesView key, ValueView value, bool is_new) {
  if (about_to_write(workspace)) {
    if (!buffer_.has_all() && !is_new && find(workspace, key)) return false;
    return buffer_.insert(key, value);
  }
  Statement::Run run(insert_);
  bind_key(run, workspace, key);
  bind_value(run, 3, value);
  run.step();
  return sqlite3_changes64(db_) > 0;
}

void StagedTable::put(std::int64_t workspace, BytesView key,
                      const std::optional<ValueView>& value) {
  if (about_to_write(workspace)) return buffer_.put(key, value);
  write(workspace, key, value);
}

void StagedTable::write(std::int64_t workspace, BytesView key,
                        const std::optional<ValueView>& value) {
  Statement::Run run(value ? put_ : put_removal_);
  bind_key(run, workspace, key);
  if (value) bind_value(run, 3, *value);
  run.step();
}

void StagedTable::write(std::int64_t workspace, const StagedRows& rows) {
  for (const auto& [key, value] : rows.map()) write(workspace, key, value);
}

bool StagedTable::erase(std::int64_t workspace, BytesView key) {
  bool found = false;
  if (about_to_write(workspace)) {
    const bool has_written = buffer_.has_written();
    found = buffer_.erase(key);
    if (!has_written) return found;
  }
  Statement::Run run(erase_);
  bind_key(run, workspace, key);
  run.step();
  return found || sqlite3_changes64(db_) > 0;
}

std::optional<StagedRow> StagedTable::find(std::int64_t workspace, BytesView key) {
  if (buffer_.holds(workspace)) {
    const auto rows = buffer_.rows();
    const auto found = rows->map().find(key);
    if (found != rows->map().end()) return StagedRow{Bytes(key), copy_of(found->second)};
    if (buffer_.has_all()) return {};
  }
  Statement::Run run(find_);
  bind_key(run, workspace, key);
  if (!run.step()) return {};
  StagedRow row{Bytes(key), {}};
  if (!is_removal(run.value(0), key)) row.value = Value(SqlValue(run.value(1)).view());
  return row;
}

bool StagedTable::any(std::int64_t workspace) {
  if (buffer_.holds(workspace)) {
    if (!buffer_.rows()->map().empty()) return true;
    if (buffer_.has_all()) return false;
  }
  Statement::Run run(any_);
  run.bind_int64(1, workspace);
  return run.step();
}

std::int64_t StagedTable::count(std::int64_t workspace) {
  if (is_in_buffer(workspace)) return static_cast<std::int64_t>(buffer_.rows()->map().size());
  Statement::Run run(count_);
  run.bind_int64(1, workspace);
  run.step();
  return run.int64(0);
}

void StagedTable::clear(std::int64_t workspace) {
  set_scans_aside();
  if (buffer_.holds(workspace)) {
    const bool has_written = buffer_.has_written();
    buffer_.clear();
    if (!has_written) return;
  }
  bool others = false;
  {
    Statement::Run run(any_other_);
    run.bind_int64(1, workspace);
    run.step();
    others = run.int64(0) != 0;
  }
  Statement::Run run(others ? clear_ : clear_all_);
  if (others) run.bind_int64(1, workspace);
  run.step();
}

void StagedTable::finalize() {
  for (Statement* statement : {&insert_, &put_, &put_removal_, &erase_, &find_, &any_, &any_other_,
                               &count_, &clear_, &clear_all_}) {
    statement->finalize();
  }
  for (ScanStatements& statements : scan_statements_) statements.idle.clear();
}

std::unique_ptr<StagedTable::Scan> StagedTable::scan(std::int64_t workspace,
                                                     std::optional<BytesView> lower,
                                                     std::optional<BytesView> upper,
                                                     bool descending) {
  const std::size_t form = (upper ? 2U : 0U) + (descending ? 1U : 0U);
  return std::make_unique<Scan>(*this, scan_statements_[form], workspace, lower, upper, descending);
}

bool StagedTable::is_in_buffer(std::int64_t workspace) {
  if (!buffer_.holds(workspace)) return false;
  if (!buffer_.has_all()) buffer_.write_out();
  return buffer_.holds(workspace);
}

void StagedTable::set_scans_aside() {
  while (!open_scans_.empty()) open_scans_.back()->set_aside();
}

bool StagedTable::about_to_write(std::int64_t workspace) {
  set_scans_aside();
  return buffer_.ready_to_write(workspace);
}

}  // namespace vkv::ext
