// The shadow tables: the SQLite tables behind one vkv table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/kv/statement.h"

namespace vkv {

// What this code writes, and the newest it reads.
inline constexpr std::int64_t kFormatVersion = 1;

// The table t has t_store and so on.
inline constexpr std::array<std::string_view, 5> kShadowTables = {"store", "workspace", "staged",
                                                                  "conflict", "config"};

// t_<suffix>, and the same as SQL names it: quoted, with its schema.
std::string shadow_name(std::string_view table, std::string_view suffix);
std::string qualified_shadow_name(std::string_view schema, std::string_view table,
                                  std::string_view suffix);

// The text of sql/shadow_tables.sql, in which <t>_store stands for the store's name.
extern const std::string_view kShadowTablesTemplate;

// SQL that creates the shadow tables of schema.table and gives them the default settings.
std::string create_shadow_tables_sql(std::string_view schema, std::string_view table);

// Whether schema.table has shadow tables: all of them. Throws InvalidArgument, naming those that
// are missing, when it has only some.
bool has_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table);

// The hashes, as they are stored, of the commits that workspaces of schema.table stand on or are
// merging in. A shared workspace without changes follows its branch, and counts for none.
std::vector<Bytes> pinned_commits(sqlite3* db, std::string_view schema, std::string_view table);

// The settings in <t>_config. Cached statements only; every call leaves them reset.
class ShadowConfig {
 public:
  ShadowConfig(sqlite3* db, std::string_view schema, std::string_view table);

  // Throws Unsupported, naming both versions, when the tables are of a newer format than this code
  // knows, and Corruption when they state no format. To be called before anything is written.
  void check_format();

  // What the tables are of: kVersioned, kLive, a table whose rows have no versions, or kKeys, which
  // is no table: t_store has the keys of a C++ program. Corruption when it is none of them.
  static constexpr const char* kVersioned = "versioned";
  static constexpr const char* kLive = "live";
  static constexpr const char* kKeys = "keys";
  std::string type();
  // Whether they are of a live table. Throws as type(), and Unsupported when they are of no table.
  bool is_live();

  // Absent when there is no such setting; Corruption when it has another type.
  std::optional<std::string> text(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  // Throws Corruption when there is none.
  std::string required_text(std::string_view name);
  void set_text(std::string_view name, std::string_view value);
  void set_integer(std::string_view name, std::int64_t value);

  // Releases the statements.
  void finalize() noexcept;

 private:
  [[noreturn]] void fail(std::string_view name) const;

  const std::string table_;  // quoted and qualified
  Statement get_;
  Statement set_;
};

}  // namespace vkv
