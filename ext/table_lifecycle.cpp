#include "ext/table_lifecycle.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"
#include "core/kv/shadow_tables.h"

namespace vkv::ext {
namespace {

void check_arguments(const TableArguments& arguments) {
  try {
    if (arguments.branch) check_ref_name("branch", *arguments.branch);
  } catch (const InvalidArgument& error) {
    throw InvalidArgument(std::string("argument 'branch': ") + error.what());
  }
}

// As the schema draws one.
std::string random_id() {
  char bytes[16];
  sqlite3_randomness(sizeof bytes, bytes);
  return to_hex({bytes, sizeof bytes});
}

// Of tables that exist already.
void check_type(ShadowConfig& config, std::string_view table, const TableArguments& arguments) {
  if (config.is_live() == arguments.is_live()) return;
  throw InvalidArgument("the tables " + printable(shadow_name(table, "store")) +
                        " and so on exist already, of type " + config.type());
}

}  // namespace

void create_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table,
                          const TableArguments& arguments) {
  check_arguments(arguments);
  const auto water = water_marks(arguments);
  const bool adopts = has_shadow_tables(db, schema, table);
  if (!adopts) execute(db, create_shadow_tables_sql(schema, table));
  ShadowConfig config(db, schema, table);
  config.check_format();
  if (adopts) {
    check_type(config, table, arguments);
    // They may be a copy: two tables that share an id would share their sessions.
    config.set_text("id", random_id());
  } else if (arguments.is_live()) {
    config.set_text("type", ShadowConfig::kLive);
  }
  if (arguments.branch) config.set_text("default_branch", *arguments.branch);
  if (water) {
    config.set_integer("high_water_bytes", water->high);
    config.set_integer("low_water_bytes", water->low);
  }
}

void rename_shadow_tables(sqlite3* db, std::string_view schema, std::string_view from,
                          std::string_view to) {
  for (const std::string_view suffix : kShadowTables) {
    execute(db, "ALTER TABLE " + qualified_shadow_name(schema, from, suffix) + " RENAME TO " +
                    quoted_identifier(shadow_name(to, suffix)));
  }
}

void drop_shadow_tables(sqlite3* db, std::string_view schema, std::string_view table) {
  for (const std::string_view suffix : kShadowTables) {
    execute(db, "DROP TABLE IF EXISTS " + qualified_shadow_name(schema, table, suffix));
  }
}

bool is_shadow_suffix(std::string_view suffix) {
  return std::find(kShadowTables.begin(), kShadowTables.end(), suffix) != kShadowTables.end();
}

}  // namespace vkv::ext
