#include "tests/model/action.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace vkv::model {
namespace {

constexpr int kFewKeys = 20;
constexpr int kManyKeys = 400;
constexpr std::int64_t kSecondsPerYear = 31'536'000;

using Bytes = std::span<const std::uint8_t>;

std::string pick(std::uint8_t byte, std::initializer_list<const char*> choices) {
  return choices.begin()[byte % choices.size()];
}

std::string branch_name(std::uint8_t byte) {
  return pick(byte, {"main", "dev", "fix", "b/3", "main", "dev"});
}

std::string ref_text(std::uint8_t byte, std::span<const std::string> hashes) {
  const std::string& hash = hashes[byte / 8 % hashes.size()];
  const std::string& recent = hashes[hashes.size() - 1 - byte / 8 % hashes.size()];
  switch (byte % 8) {
    case 0:
      return pick(byte / 8, {"HEAD", "HEAD~1", "HEAD~2", "HEAD^", "HEAD^2", "HEAD~3", "HEAD^0"});
    case 1:
    case 2:
      return branch_name(byte / 8);
    case 3:
      return branch_name(byte / 8) + pick(byte / 64, {"~1", "^1~1", "^2", "~2"});
    case 4:
      return hash;
    case 5:
      return recent.substr(0, 12);
    case 6:
      return recent;
    default:
      return pick(byte / 8, {"HEAD", "nowhere", "HEAD~1", "dev", "fix", "HEAD", "HEAD~50", ""});
  }
}

// A key as an application might bind it; one of a few that are numbers, or no key at all.
SqlValue key_value(std::uint8_t low, std::uint8_t high, const Configuration& configuration) {
  if (low == 255 && high % 4 == 0) return std::monostate{};
  if (low == 255 && high % 4 == 1) return test::SqlBlob{"k/001"};
  const int i = (low + high % 2 * 256) % (configuration.many_keys ? kManyKeys : kFewKeys);
  if (i % 16 == 5) return std::int64_t{i};
  if (i % 16 == 7) return i + 0.5;
  return key_text(i);
}

SqlValue value_of(std::uint8_t byte, const Configuration& configuration) {
  const std::string number = std::to_string(byte);
  switch (byte % 8) {
    case 0:
      return std::monostate{};
    case 1:
      return std::int64_t{byte};
    case 2:
      return byte - 1.0;  // equal to an integer but for its type
    case 3:
      return test::SqlBlob{number};
    case 4:
      return std::string(configuration.large_values ? 1500 : 15, 'l') + number;
    case 5:
      return byte == 5 && configuration.large_values ? std::string(70'000, 'h') : "v" + number;
    default:
      return number;
  }
}

std::string conflict_clause(std::uint8_t byte) {
  return pick(byte, {"", "", "", "REPLACE", "REPLACE", "IGNORE", "FAIL", "ROLLBACK"});
}

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
  if (action.flag && action.kind == Kind::merge) add("\"no_ff\":true");
  if (action.flag2 && action.kind == Kind::merge) add("\"squash\":true");
  if (action.flag && action.kind == Kind::branch_delete) add("\"force\":true");
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

Statement function_sql(const Action& action) {
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

void decode_rows(Action& action, Bytes byte, const Configuration& configuration) {
  action.key = key_value(byte[0], byte[2], configuration);
  action.key2 = key_value(byte[1], byte[2] / 2, configuration);
  action.key3 = key_value(static_cast<std::uint8_t>(byte[0] ^ byte[1]), 2, configuration);
  action.value = value_of(action.kind == Kind::update_both ? byte[2] : byte[1], configuration);
  action.conflict_clause = conflict_clause(byte[2] / 4);
  action.first = configuration.many_keys ? byte[0] * 3 / 2 : byte[0] % kFewKeys;
  action.last = action.first + 1 + byte[1] % (configuration.many_keys ? 100 : 8);
  action.number = byte[2] % 4;
}

void decode_read(Action& action, Bytes byte, const Configuration& configuration,
                 std::span<const std::string> hashes) {
  decode_rows(action, byte, configuration);
  action.descending = byte[2] % 2 == 1;
  action.flag = byte[2] / 2 % 2 == 1;
  if (byte[2] / 4 % 3 == 0) action.ref = ref_text(byte[1], hashes);
  const int limits[] = {-1, 1, 3, 10};
  action.limit = limits[byte[2] / 12 % 4];
  if (action.kind == Kind::glob) action.name = pick(byte[0], {"k/*", "K/0?*", "k/00?", "*", "1*"});
  if (action.kind == Kind::like) action.name = pick(byte[0], {"k/%", "K/01_", "k/1%", "%x", "5%"});
}

void decode_function(Action& action, Bytes byte, std::span<const std::string> hashes) {
  action.number = byte[0] % 12;
  action.ref = ref_text(byte[1], hashes);
  action.ref2 = ref_text(byte[2], hashes);
  action.flag = byte[2] % 4 == 3;
  action.flag2 = byte[2] % 16 == 9;
  switch (action.kind) {
    case Kind::commit:
    case Kind::merge:
      action.on_conflict =
          pick(byte[2] / 16, {"", "", "ours", "theirs", "abandon", "raise", "theirs", "nonsense"});
      if (action.kind == Kind::merge && action.ref.empty()) action.ref = "dev";
      break;
    case Kind::branch:
    case Kind::branch_delete:
      action.name = byte[0] == 0 ? "HEAD" : branch_name(byte[0]);
      if (action.kind == Kind::branch_delete && action.name == "main") action.name = "dev";
      if (byte[2] % 2 == 0) action.ref.clear();
      break;
    case Kind::checkout:
      if (byte[0] % 4 != 0) action.ref = branch_name(byte[1]);
      if (byte[0] % 32 == 0) action.name = branch_name(byte[2]);
      break;
    case Kind::hash:
    case Kind::diff:
      if (byte[0] % 3 == 0) action.ref = "WORKING";
      if (byte[0] % 5 == 0) action.ref2 = "WORKING";
      if (action.kind == Kind::hash && byte[0] % 2 == 0) action.ref.clear();
      break;
    default:
      break;
  }
}

}  // namespace

std::string key_text(int i) {
  char text[16];
  std::snprintf(text, sizeof text, i % 16 == 6 ? "K/%03d" : "k/%03d", i);
  return text;
}

std::string range_value(const Action& action, int i) {
  // printf('%.*c', n, 'p') writes at least one.
  return std::to_string(action.number) + "/" + std::to_string(i) + "/" +
         std::string(static_cast<std::size_t>(std::max(action.limit, 1)), 'p');
}

SqlValue message_of(const Action& action) { return "m" + std::to_string(action.number); }

SqlValue author_of(const Action& action) {
  if (action.number % 3 == 0) return "someone";
  return std::monostate{};
}

SqlValue time_of(const Action& action) {
  const int year = 1970 + action.number % 4;
  if (year == 1970) return std::monostate{};
  // 1972 is a leap year, whose last day is where 1973 minus a day of seconds begins.
  if (year == 1973) return "1972-12-31T00:00:00Z";
  return std::to_string(year) + "-01-01T00:00:00Z";
}

Action decode(const Record& record, const Configuration& configuration,
              std::span<const std::string> hashes) {
  Action action;
  if (record[0] >= static_cast<std::uint8_t>(Kind::end)) return action;
  action.kind = static_cast<Kind>(record[0]);
  action.connection = configuration.two_connections ? record[1] % 2 : 0;
  const Bytes arguments = Bytes(record).subspan(2);
  if (action.kind <= Kind::remove_all) {
    decode_rows(action, arguments, configuration);
    if (action.kind == Kind::shift_keys && action.conflict_clause == "REPLACE") {
      action.conflict_clause = "IGNORE";  // the order of a scan would show
    }
    action.limit = configuration.many_keys ? arguments[2] : arguments[2] % 32;
  } else if (action.kind <= Kind::all) {
    decode_read(action, arguments, configuration, hashes);
  } else if (action.kind <= Kind::check) {
    decode_function(action, arguments, hashes);
  } else {
    action.name = pick(arguments[0], {"a", "b", "c"});
  }
  return action;
}

Statement to_sql(const Action& action) {
  if (action.kind <= Kind::remove_all) return write_sql(action);
  if (action.kind <= Kind::all) return read_sql(action);
  if (action.kind <= Kind::check) return function_sql(action);
  return transaction_sql(action);
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
