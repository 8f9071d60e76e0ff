// TableFunction: an eponymous virtual table, described, over a source of rows.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "ext/arguments.h"
#include "ext/named_table.h"

namespace vkv::ext {

// Which keys are wanted, in the terms of ext/key_query.h.
struct KeyPlan {
  std::string_view operators;
  bool descending = false;
  std::span<sqlite3_value* const> values;
};

// The rows that one call of a table function answers, one after the other. Never holds them all.
// May throw whatever ext/guard.h knows.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Of a function with a key column: before the first next(). What the plan points to lives until
  // this returns.
  virtual void start(const KeyPlan& /*plan*/) {}
  // To the next row; false when there is none.
  virtual bool next() = 0;
  // Makes visible column `column` of the row the result; counts from 0.
  virtual void column(sqlite3_context* context, int column) = 0;
};

struct TableFunction {
  // What a call is given. The view is the first argument, looked up; the others are for open() to
  // check, all before it reads anything.
  struct Call {
    TableView view;
    Arguments arguments;
  };

  // Whether constraints on column 0, the key, and ORDER BY on it are answered by start().
  enum class Keys { no, ascending, both_ways };

  const char* name;
  // Visible columns as CREATE TABLE declares them.
  std::span<const char* const> columns;
  // Column 0 tells the rows of one call apart and is never NULL.
  bool unique_first_column = true;
  // Hidden columns, which SQLite fills from the arguments; the first `required` must be given.
  std::span<const char* const> parameters;
  std::size_t required = 1;
  Keys keys = Keys::no;
  double rows = 0;  // for plans: roughly how many there are
  std::unique_ptr<RowSource> (*open)(const Call& call);
};

// `function` must live as long as the program. Returns SQLite's result code.
int register_table_function(sqlite3* db, const TableFunction& function,
                            const std::shared_ptr<Connection>& connection);

}  // namespace vkv::ext
