#include "core/kv/shadow_tables.h"

#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv {
std::string shadow_name(std::string_view table, std::string_view suffix) {
  return std::string(table) + '_' + std::string(suffix);
}

std::string qualified_shadow_name(std::string_view schema, std::string_view table,
                                  std::string_view suffix) {
  return qualified_name(schema, shadow_name(table, suffix));
}

std::string create_shadow_tables_sql(std::string_view schema, std::string_view table) {
  constexpr std::string_view placeholder = "<t>_";
  std::string sql;
  std::string_view rest = kShadowTablesTemplate;
  for (;;) {
    const std::size_t found = rest.find(placeholder);
    sql += rest.substr(0, found);
    if (found == rest.npos) return sql;
    rest.remove_prefix(found + placeholder.size());
    const std::string_view suffix = rest.substr(0, rest.find('('));
    sql += qualified_shadow_name(schema, table, suffix);
    rest.remove_prefix(suffix.size());
  }
}

bool has_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table) {
  Statement exists(db, "SELECT 1 FROM " + quoted_identifier(schema) +
                           ".sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE");
  std::string missing;
  std::size_t found = 0;
  for (const std::string_view suffix : kShadowTables) {
    const std::string name = shadow_name(table, suffix);
    Statement::Run run(exists);
    run.bind_text(1, name);
    if (run.step()) {
      ++found;
    } else {
      missing += (missing.empty() ? "" : ", ") + printable(name);
    }
  }
  if (found > 0 && !missing.empty()) {
    throw InvalidArgument("some tables called " + printable(std::string(table) + "_...") +
                          " exist, but not " + missing);
  }
  return found > 0;
}

std::vector<Bytes> pinned_commits(sqlite3* db, std::string_view schema, std::string_view table) {
  const std::string workspace = qualified_shadow_name(schema, table, "workspace");
  Statement statement(
      db, "SELECT base FROM " + workspace + " WHERE name IS NOT NULL OR id IN" +
              " (SELECT workspace FROM " + qualified_shadow_name(schema, table, "staged") +
              ") UNION SELECT merging FROM " + workspace + " WHERE merging IS NOT NULL");
  Statement::Run run(statement);
  std::vector<Bytes> commits;
  while (run.step()) commits.emplace_back(run.blob(0));
  return commits;
}

ShadowConfig::ShadowConfig(sqlite3* db, std::string_view schema, std::string_view table)
    : table_(qualified_shadow_name(schema, table, "config")),
      get_(db, "SELECT value FROM " + table_ + " WHERE name = ?1"),
      set_(db, "INSERT OR REPLACE INTO " + table_ + "(name, value) VALUES (?1, ?2)") {}

void ShadowConfig::check_format() {
  const std::optional<std::int64_t> format = integer("format");
  if (!format || *format < 1) fail("format");
  if (*format > kFormatVersion) {
    throw Unsupported(table_ + " says format " + std::to_string(*format) +
                      ", but this version of vkv knows formats up to " +
                      std::to_string(kFormatVersion));
  }
}

std::string ShadowConfig::type() {
  std::string type = required_text("type");
  if (type != kVersioned && type != kLive && type != kKeys) fail("type");
  return type;
}

bool ShadowConfig::is_live() {
  const std::string found = type();
  if (found == kKeys) {
    throw Unsupported(table_ + " says type keys: a C++ program's live store, which is no table");
  }
  return found == kLive;
}

std::optional<std::string> ShadowConfig::text(std::string_view name) {
  Statement::Run run(get_);
  run.bind_text(1, name);
  if (!run.step()) return std::nullopt;
  if (run.type(0) != SQLITE_TEXT) fail(name);
  return std::string(run.text(0));
}

std::string ShadowConfig::required_text(std::string_view name) {
  auto value = text(name);
  if (!value) fail(name);
  return *std::move(value);
}

std::optional<std::int64_t> ShadowConfig::integer(std::string_view name) {
  Statement::Run run(get_);
  run.bind_text(1, name);
  if (!run.step()) return std::nullopt;
  if (run.type(0) != SQLITE_INTEGER) fail(name);
  return run.int64(0);
}

void ShadowConfig::set_text(std::string_view name, std::string_view value) {
  Statement::Run run(set_);
  run.bind_text(1, name);
  run.bind_text(2, value);
  run.step();
}

void ShadowConfig::set_integer(std::string_view name, std::int64_t value) {
  Statement::Run run(set_);
  run.bind_text(1, name);
  run.bind_int64(2, value);
  run.step();
}

void ShadowConfig::finalize() noexcept {
  get_.finalize();
  set_.finalize();
}

void ShadowConfig::fail(std::string_view name) const {
  throw Corruption("no usable setting " + printable(name) + " in " + table_);
}

}  // namespace vkv
