#include "ext/workspace_table.h"

#include "core/base/error.h"
#include "core/kv/shadow_tables.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns = "SELECT id, name, branch, base FROM ";

}  // namespace

WorkspaceTable::WorkspaceTable(sqlite3* db, std::string_view schema, std::string_view table,
                               const StagedBuffer& buffer)
    : db_(db),
      buffer_(buffer),
      table_(qualified_shadow_name(schema, table, "workspace")),
      find_shared_(db, kColumns + table_ + " WHERE branch = ?1 AND name IS NULL"),
      find_named_(db, kColumns + table_ + " WHERE name = ?1"),
      find_after_(db, kColumns + table_ + " WHERE id > ?1 ORDER BY id LIMIT 1"),
      insert_(db, "INSERT INTO " + table_ + "(name, branch, base) VALUES(?1, ?2, ?3)"),
      set_base_(db, "UPDATE " + table_ + " SET base = ?2 WHERE id = ?1"),
      repeat_base_(db,
                   "WITH RECURSIVE n(i) AS (SELECT 1 WHERE ?3 > 0 UNION ALL"
                   " SELECT i + 1 FROM n WHERE i < ?3) INSERT INTO " +
                       table_ +
                       "(id, branch, base) SELECT ?1, '', ?2 FROM n WHERE true"
                       " ON CONFLICT(id) DO UPDATE SET base = excluded.base"),
      erase_(db, "DELETE FROM " + table_ + " WHERE id = ?1"),
      rename_branch_(db, "UPDATE " + table_ + " SET branch = ?2 WHERE branch = ?1"),
      all_(db, kColumns + table_ + " ORDER BY id") {}

WorkspaceRow WorkspaceTable::row_of(const Statement::Run& run) const {
  WorkspaceRow row;
  row.id = run.int64(0);
  const auto base = run.type(3) == SQLITE_BLOB ? Hash::from_raw(run.blob(3)) : std::nullopt;
  if (!base) throw Corruption("workspace " + std::to_string(row.id) + " has no valid base");
  if (!run.is_null(1)) row.name = run.text(1);
  row.branch = run.text(2);
  row.stored_base = *base;
  row.base = buffer_.holds(row.id) ? buffer_.base() : *base;
  return row;
}

std::optional<WorkspaceRow> WorkspaceTable::find_shared(std::string_view branch) {
  Statement::Run run(find_shared_);
  run.bind_text(1, branch);
  if (!run.step()) return {};
  return row_of(run);
}

std::optional<WorkspaceRow> WorkspaceTable::find_named(std::string_view name) {
  Statement::Run run(find_named_);
  run.bind_text(1, name);
  if (!run.step()) return {};
  return row_of(run);
}

std::optional<WorkspaceRow> WorkspaceTable::find_after(std::int64_t id) {
  Statement::Run run(find_after_);
  run.bind_int64(1, id);
  if (!run.step()) return {};
  return row_of(run);
}

std::int64_t WorkspaceTable::insert(std::optional<std::string_view> name, std::string_view branch,
                                    const Hash& base) {
  Statement::Run run(insert_);
  if (name) run.bind_text(1, *name);
  run.bind_text(2, branch);
  run.bind_blob(3, base.view());
  run.step();
  return sqlite3_last_insert_rowid(db_);
}

void WorkspaceTable::set_base(std::int64_t id, const Hash& base) {
  Statement::Run run(set_base_);
  run.bind_int64(1, id);
  run.bind_blob(2, base.view());
  run.step();
}

void WorkspaceTable::repeat_base(std::int64_t id, const Hash& base, std::int64_t times) {
  Statement::Run run(repeat_base_);
  run.bind_int64(1, id);
  run.bind_blob(2, base.view());
  run.bind_int64(3, times);
  run.step();
}

void WorkspaceTable::erase(std::int64_t id) {
  Statement::Run run(erase_);
  run.bind_int64(1, id);
  run.step();
}

void WorkspaceTable::rename_branch(std::string_view from, std::string_view to) {
  Statement::Run run(rename_branch_);
  run.bind_text(1, from);
  run.bind_text(2, to);
  run.step();
}

std::vector<WorkspaceRow> WorkspaceTable::on_branch(std::string_view branch) {
  std::vector<WorkspaceRow> rows;
  visit([&](const WorkspaceRow& row) {
    if (row.branch == branch) rows.push_back(row);
  });
  return rows;
}

void WorkspaceTable::visit(const std::function<void(const WorkspaceRow&)>& visit) {
  Statement::Run run(all_);
  while (run.step()) visit(row_of(run));
}

void WorkspaceTable::finalize() {
  for (Statement* statement : {&find_shared_, &find_named_, &find_after_, &insert_, &set_base_,
                               &repeat_base_, &erase_, &rename_branch_, &all_}) {
    statement->finalize();
  }
}

}  // namespace vkv::ext
