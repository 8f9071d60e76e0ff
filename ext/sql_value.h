// Values as SQLite hands them over and takes them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/kv/statement.h"
#include "core/tree/value.h"

namespace vkv::ext {

// The value of one sqlite3_value, borrowed: from it, or (numbers) from this object.
class SqlValue {
 public:
  // Throws std::bad_alloc when SQLite has no memory to convert it.
  explicit SqlValue(sqlite3_value* value);
  SqlValue(const SqlValue&) = delete;
  SqlValue& operator=(const SqlValue&) = delete;

  ValueView view() const { return view_; }

 private:
  std::array<char, 8> number_;
  ValueView view_;
};

// The text of `value`, which is text or a number: UTF-8, borrowed from it, no NUL behind it. Throws
// std::bad_alloc.
BytesView borrowed_text(sqlite3_value* value);

// Makes `value` the result, copied. A number of another size than 8 bytes is Corruption.
void set_result(sqlite3_context* context, ValueView value);

// The same with a value as a tree holds it; may throw Corruption.
void set_result(sqlite3_context* context, ChunkStore& chunks, const StoredValue& stored);

// Binds `value`, borrowed: it must outlive the run.
void bind_value(Statement::Run& run, int parameter, ValueView value);

Value text_value(std::string_view text);
Value integer_value(std::int64_t integer);

}  // namespace vkv::ext
