// Arguments: what an SQL function was called with, checked as it is read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/kv/sqlite.h"
#include "ext/options.h"

namespace vkv::ext {

// `value` as an error message shows it: "NULL", "integer 5", "real 0.5", "text 'abc'", "a blob of 3
// bytes".
std::string described(sqlite3_value* value);

// Positions count from 0 here and from 1 in messages. An argument is absent when it was not given,
// or is NULL. Every error names the argument by position and name: WrongType for a wrong type,
// InvalidArgument for the rest. Views live as long as the values.
class Arguments {
 public:
  // One name for each parameter there is; `values` may be shorter, and hold null pointers for what
  // was not given.
  Arguments(std::span<sqlite3_value* const> values, std::span<const char* const> names)
      : values_(values), names_(names) {}

  bool given(std::size_t position) const;

  // Valid UTF-8.
  std::string_view text(std::size_t position) const;
  std::optional<std::string_view> optional_text(std::size_t position) const;
  // A key, as the column `key` takes it: a number becomes its text.
  BytesView key(std::size_t position) const;
  // Any value; it must have been given, if only as NULL.
  sqlite3_value* value(std::size_t position) const { return values_[position]; }
  // Empty when absent.
  Options options(std::size_t position) const;

  // "argument 2 (name)".
  std::string label(std::size_t position) const;
  // Runs use(), which finds out what the argument names; an InvalidArgument that it throws gets the
  // label.
  template <typename Use>
  auto about(std::size_t position, const Use& use) const {
    try {
      return use();
    } catch (const InvalidArgument& error) {
      throw InvalidArgument(label(position) + ": " + error.what());
    }
  }

 private:
  std::span<sqlite3_value* const> values_;
  std::span<const char* const> names_;
};

}  // namespace vkv::ext
