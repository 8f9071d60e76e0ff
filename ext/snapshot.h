// Snapshot: several reads of one schema that see the same moment.
#pragma once

#include <string>
#include <string_view>

#include "core/kv/statement.h"

namespace vkv::ext {

// Keeps the read transaction of a schema open as long as it lives: SQLite opens one by itself only
// for the schemas that the running statement names, and a table function or a function without FROM
// names none. Errors as core/kv/statement.h.
class Snapshot {
 public:
  Snapshot(sqlite3* db, std::string_view schema)
      : schema_(schema),
        statement_(db, "SELECT 1 FROM " + quoted_identifier(schema) + ".sqlite_schema"),
        run_(statement_) {
    run_.step();
  }

  const std::string& schema() const { return schema_; }

 private:
  std::string schema_;
  Statement statement_;
  Statement::Run run_;
};

}  // namespace vkv::ext
