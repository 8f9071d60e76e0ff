// INSERT, UPDATE, DELETE and SELECT on an ordered map.
#pragma once

#include "tests/model/action.h"
#include "tests/model/expected.h"

namespace vkv::model {

struct RowsOutcome {
  Expected expected;
  std::optional<Rows> rows;  // afterwards; absent: as before
  bool rolls_back = false;   // the transaction too
};
// Where the connection's place is gone: an error, unless a condition that no key can meet spares
// SQLite from looking.
Expected without_place(const Action& action);
// A key as the table has it; absent for what can be none.
std::optional<std::string> key_of(const SqlValue& value);
bool matches_glob(const std::string& pattern, const std::string& text);
RowsOutcome write_rows(const Action& action, const Rows& rows);
std::vector<SqlRow> read_rows(const Action& action, const Rows& rows);

}  // namespace vkv::model
