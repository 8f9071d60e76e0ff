#include "ext/integrity.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/check.h"
#include "core/kv/shadow_tables.h"
#include "ext/table_gc.h"

namespace vkv::ext {
namespace {

std::string shadow(const VersionedTable& table, std::string_view suffix) {
  return qualified_shadow_name(table.schema(), table.name(), suffix);
}

// Refuses a row that `query` finds.
void expect_none(VersionedTable& table, const std::string& query, const char* problem) {
  Statement statement(table.connection().db(), query);
  Statement::Run run(statement);
  if (run.step()) throw Corruption(problem);
}

void check_staged_rows(VersionedTable& table, std::int64_t workspace) {
  const auto rows = table.staged().scan(workspace, {}, {}, false);
  BytesView key;
  std::optional<ValueView> value;
  while (rows->next(key, value)) {
    if (key.size() > kMaxKeySize) throw Corruption("staged key " + printable(key) + " is too long");
  }
}

void check_workspaces(VersionedTable& table) {
  std::vector<std::int64_t> ids;
  table.workspaces().visit([&](const WorkspaceRow& row) { ids.push_back(row.id); });
  for (const std::int64_t id : ids) check_staged_rows(table, id);
}

void check_live_table(VersionedTable& table) {
  for (const char* versions : {"store", "workspace", "conflict"}) {
    expect_none(table, "SELECT 1 FROM " + shadow(table, versions), "a live table has versions");
  }
  const std::int64_t workspace = *table.state().row;
  expect_none(table,
              "SELECT 1 FROM " + shadow(table, "staged") + " WHERE removed <> 0 OR workspace <> " +
                  std::to_string(workspace),
              "a row of a live table is damaged");
  check_staged_rows(table, workspace);
}

}  // namespace

void check_table(VersionedTable& table) {
  if (table.is_live()) return check_live_table(table);
  const std::string orphan =
      " WHERE workspace NOT IN (SELECT id FROM " + shadow(table, "workspace") + ")";
  expect_none(table, "SELECT 1 FROM " + shadow(table, "staged") + orphan,
              "a staged row belongs to no workspace");
  expect_none(table,
              "SELECT 1 FROM " + shadow(table, "conflict") + orphan +
                  " OR typeof(key) <> 'blob' OR resolved NOT IN (0, 1) OR has_base NOT IN (0, 1)"
                  " OR has_ours NOT IN (0, 1) OR has_theirs NOT IN (0, 1)",
              "a recorded conflict is damaged");
  check_workspaces(table);
  const std::vector<Hash> pinned = pinned_commits(table);
  ChunkStore& chunks = table.repository().chunks();
  check_store(chunks.kv(), pinned, [&chunks] { chunks.checkpoint(); });
}

}  // namespace vkv::ext
