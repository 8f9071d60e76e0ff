// The SQL of actions.
#include <regex>
#include <sstream>

#include "tests/model/action.h"

namespace vkv::model {
namespace {

constexpr std::int64_t kSecondsPerYear = 31'536'000;

// JSON text of the options that are given.
std::string options(const Action& action) {
  std::string text;
  const auto add = [&](const std::string& member) { text += (text.empty() ? "{" : ",") + member; };
  const bool makes_commit = action.kind == Kind::commit || action.kind == Kind::merge;
  if (makes_commit) {
    const auto time = action.number % 4;
    add("\"time\":" + (time == 0 ? "null" : std::to_string(time * kSecondsPerYear)));
    if (action.number % 3 == 0) add("\"author\":\"someone\"");
    if (!action.on_conflict.empty()) add("\"on_conflict\":\"" + action.on_conflict + "\"");
  }
  if (action.flag && action.kind == Kind::commit) add("\"allow_empty\":true");
  if (!action.name.empty() && action.kind == Kind::commit) {
    add("\"keys\":[\"" + action.name + "\"]");
  }
  if (action.flag && action.kind == Kind::merge) add("\"no_ff\":true");
  if (action.flag2 && action.kind == Kind::merge) add("\"squash\":true");
  const bool deletes = action.kind == Kind::branch_delete || action.kind == Kind::workspace_delete;
  if (action.flag && deletes) add("\"force\":true");
  if (!action.name.empty() && action.kind == Kind::checkout) {
    add("\"branch\":\"" + action.name + "\"");
  }
  if (action.flag && action.kind == Kind::log) add("\"all_parents\":true");
  return text.empty() ? "{}" : text + "}";
}

// SELECT function('kv', arguments…).
Statement call(const std::string& function, std::vector<SqlValue> arguments) {
  std::string sql = "SELECT " + function + "('kv'";
  for (std::size_t i = 1; i <= arguments.size(); ++i) sql += ", ?" + std::to_string(i);
  return {sql + ")", std::move(arguments)};
}

SqlValue text_or_null(const std::string& text) {
  if (text.empty()) return std::monostate{};
  return text;
}

// SELECT columns FROM the table, or from vkv_at when a ref is given, WHERE condition.
Statement select(const Action& action, const std::string& columns, const std::string& rest,
                 std::vector<SqlValue> parameters) {
  std::string from = "kv";
  if (!action.ref.empty()) {
    parameters.emplace_back(action.ref);
    from = "vkv_at('kv', ?" + std::to_string(parameters.size()) + ")";
  }
  return {"SELECT " + columns + " FROM " + from + " " + rest, std::move(parameters)};
}

std::string or_clause(const Action& action) {
  return action.conflict_clause.empty() ? "" : "OR " + action.conflict_clause + " ";
}

Statement write_sql(const Action& action) {
  const std::string insert = "INSERT " + or_clause(action) + "INTO kv ";
  const std::string update = "UPDATE " + or_clause(action) + "kv SET ";
  switch (action.kind) {
    case Kind::insert:
      return {insert + "VALUES(?1, ?2)", {action.key, action.value}};
    case Kind::insert_range:
      return {"WITH RECURSIVE n(i) AS (VALUES(?1) UNION ALL SELECT i+1 FROM n WHERE i < ?2) " +
                  insert +
                  "SELECT printf('k/%03d', i), printf('%d/%d/%.*c', ?3, i, ?4, 'p') FROM n",
              {std::int64_t{action.first}, std::int64_t{action.last}, std::int64_t{action.number},
               std::int64_t{action.limit}}};
    case Kind::update:
      return {update + "value = ?2 WHERE key = ?1", {action.key, action.value}};
    case Kind::update_key:
      return {update + "key = ?2 WHERE key = ?1", {action.key, action.key2}};
    case Kind::update_both:
      return {update + "key = ?2, value = ?3 WHERE key = ?1",
              {action.key, action.key2, action.value}};
    case Kind::update_range:
      return {update + "value = ?3 WHERE key >= ?1 AND key < ?2",
              {key_text(action.first), key_text(action.last), action.value}};
    case Kind::shift_keys:
      return {update +
                  "key = CASE WHEN key LIKE '%x' THEN rtrim(key, 'x') ELSE key || 'x' END "
                  "WHERE key >= ?1 AND key < ?2",
              {key_text(action.first), key_text(action.last)}};
    case Kind::remove:
      return {"DELETE FROM kv WHERE key = ?1", {action.key}};
    case Kind::remove_range:
      return {"DELETE FROM kv WHERE key >= ?1 AND key < ?2",
              {key_text(action.first), key_text(action.last)}};
    default:
      return {"DELETE FROM kv", {}};
  }
}

Statement read_sql(const Action& action) {
  const std::string direction = action.descending ? " DESC" : "";
  switch (action.kind) {
    case Kind::get:
      return select(action, "key, value", "WHERE key = ?1", {action.key});
    case Kind::get_nocase:
      return select(action, "key, value", "WHERE key = ?1 COLLATE NOCASE ORDER BY key",
                    {action.key});
    case Kind::get_in:
      return select(action, "key, value", "WHERE key IN (?1, ?2, ?3) ORDER BY key" + direction,
                    {action.key, action.key2, action.key3});
    case Kind::scan:
      return select(action, "key, value",
                    (action.flag ? "WHERE key > ?1 AND key < ?2" : "WHERE key BETWEEN ?1 AND ?2") +
                        (" ORDER BY key" + direction + " LIMIT ?3"),
                    {key_text(action.first), key_text(action.last), std::int64_t{action.limit}});
    case Kind::glob:
      return select(action, "key, value", "WHERE key GLOB ?1 ORDER BY key" + direction,
                    {action.name});
    case Kind::like:
      return select(action, "key, value", "WHERE key LIKE ?1 ORDER BY key" + direction,
                    {action.name});
    case Kind::count:
      return select(action, "count(*)", "", {});
    default:
      return select(action, "key, value", "ORDER BY key" + direction, {});
  }
}

Statement cas_sql(const Action& action) {
  // The value expected is the one there is, or one given.
  if (action.flag) {
    return {"SELECT vkv_cas('kv', ?1, ?2, (SELECT value FROM kv WHERE key = ?1))",
            {action.key, action.value}};
  }
  return call("vkv_cas", {action.key, action.value, action.expected});
}

Statement writing_sql(const Action& action) {
  switch (action.kind) {
    case Kind::commit:
      return call("vkv_commit", {message_of(action), options(action)});
    case Kind::branch:
      return action.ref.empty() ? call("vkv_branch", {action.name})
                                : call("vkv_branch", {action.name, action.ref});
    case Kind::branch_delete:
      return call("vkv_branch_delete", {action.name, options(action)});
    case Kind::checkout:
      return call("vkv_checkout", {action.ref, options(action)});
    case Kind::merge:
      return call("vkv_merge", {action.ref, options(action)});
    case Kind::reset:
      return call("vkv_reset", {});
    case Kind::cas:
      return cas_sql(action);
    case Kind::tag:
      return call("vkv_tag", {action.name, text_or_null(action.ref)});
    case Kind::tag_delete:
      return call("vkv_tag_delete", {action.name});
    case Kind::refresh:
      return call("vkv_refresh", {});
    case Kind::reset_to:
      return call("vkv_reset_to", {action.ref});
    case Kind::branch_rename:
      return call("vkv_branch_rename", {action.name, action.ref});
    case Kind::workspace:
      return call("vkv_workspace", {text_or_null(action.name), text_or_null(action.ref)});
    default:
      return call("vkv_workspace_delete", {action.name, options(action)});
  }
}

Statement query_sql(const Action& action) {
  switch (action.kind) {
    case Kind::where:
      return {"SELECT vkv_current_commit('kv'), vkv_current_branch('kv'), vkv_has_changes('kv')",
              {}};
    case Kind::hash:
      return action.ref.empty() ? call("vkv_hash", {}) : call("vkv_hash", {action.ref});
    case Kind::merge_base:
      return call("vkv_merge_base", {action.ref, action.ref2});
    case Kind::rev_parse:
      return call("vkv_rev_parse", {action.ref});
    case Kind::log:
      return {"SELECT commit_hash, parents, author, time, message FROM vkv_log('kv', ?1, ?2)",
              {action.ref, options(action)}};
    case Kind::diff:
      return {"SELECT key, kind, old_value, new_value FROM vkv_diff('kv', ?1, ?2) ORDER BY key",
              {action.ref, action.ref2}};
    case Kind::status:
      return {"SELECT key, kind, old_value, new_value FROM vkv_status('kv') ORDER BY key", {}};
    case Kind::branches:
      return {
          "SELECT name, commit_hash, current, staged, author, time, message "
          "FROM vkv_branches('kv') ORDER BY name",
          {}};
    case Kind::tags:
      return {"SELECT name, commit_hash, message FROM vkv_tags('kv') ORDER BY name", {}};
    case Kind::workspaces:
      // Those of versions have random names.
      return {
          "SELECT CASE WHEN name GLOB '*@*' THEN '@' ELSE name END, branch, base_commit, staged, "
          "current FROM vkv_workspaces('kv') ORDER BY 1, 2, 3, 4, 5",
          {}};
    default:
      return call("vkv_check", {});
  }
}

Statement transaction_sql(const Action& action) {
  switch (action.kind) {
    case Kind::begin:
      return {"BEGIN", {}};
    case Kind::begin_immediate:
      return {"BEGIN IMMEDIATE", {}};
    case Kind::commit_transaction:
      return {"COMMIT", {}};
    case Kind::rollback:
      return {"ROLLBACK", {}};
    case Kind::savepoint:
      return {"SAVEPOINT " + action.name, {}};
    case Kind::release:
      return {"RELEASE " + action.name, {}};
    default:
      return {"ROLLBACK TO " + action.name, {}};
  }
}

Statement table_sql(const Action& action) {
  switch (group_of(action.kind)) {
    case Group::changes_rows:
      return write_sql(action);
    case Group::reads_rows:
      return read_sql(action);
    case Group::writes:
    case Group::moves:
      return writing_sql(action);
    case Group::queries:
      return query_sql(action);
    default:
      return transaction_sql(action);
  }
}

// `sql`, which names the table kv, of another one.
std::string renamed(const std::string& sql, const std::string& table) {
  static const std::regex kv("\\bkv\\b");
  return std::regex_replace(sql, kv, table);
}

}  // namespace

Statement to_sql(const Action& action) {
  Statement statement = table_sql(action);
  if (action.view != View::table) statement.sql = renamed(statement.sql, name_of(action.view));
  return statement;
}

std::string to_string(const Action& action) {
  if (action.kind == Kind::end) return "-- nothing";
  const Statement statement = to_sql(action);
  std::ostringstream text;
  text << "/* connection " << action.connection << " */ " << statement.sql;
  for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
    text << (i == 0 ? "  -- ?1=" : ", ?" + std::to_string(i + 1) + "=") << statement.parameters[i];
  }
  return text.str();
}

}  // namespace vkv::model
