// What the model says must come back, and what it may learn from what did.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/rows.h"

namespace vkv::model {

struct Real {
  const test::Answer* answer = nullptr;
  std::vector<std::string> parents;  // of the commit the answer names, if it names one
  bool locked = false;               // the connection's transaction holds the write lock
};

struct Expected {
  std::set<int> codes{SQLITE_OK};  // several where SQLite's locking leaves a choice
  std::vector<SqlRow> rows;
  bool rows_matter = true;
  std::optional<int> changes;         // sqlite3_changes(), where a statement changed rows
  std::vector<std::string> mentions;  // what the error's message must have, in this order
  std::string broken;                 // a law that the real answer broke; empty: none

  static Expected error(int code) {
    Expected expected;
    expected.codes = {code};
    return expected;
  }
  static Expected table(std::vector<SqlRow> rows) {
    Expected expected;
    expected.rows = std::move(rows);
    return expected;
  }
  static Expected row(SqlRow row) {
    std::vector<SqlRow> rows;
    rows.push_back(std::move(row));
    return table(std::move(rows));
  }
  static Expected any_rows() {
    Expected expected;
    expected.rows_matter = false;
    return expected;
  }
};

}  // namespace vkv::model
