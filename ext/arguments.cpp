#include "ext/arguments.h"

#include <new>

#include "core/base/printable.h"
#include "core/base/utf8.h"
#include "ext/guard.h"

namespace vkv::ext {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const unsigned char* text = sqlite3_value_text(value);
  if (text == nullptr) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

}  // namespace

std::string described(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return "integer " + std::to_string(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return "real " + std::string(text_of(value));
    case SQLITE_TEXT:
      return "text " + printable(text_of(value));
    case SQLITE_BLOB:
      return "a blob of " + std::to_string(sqlite3_value_bytes(value)) + " bytes";
    default:
      return "NULL";
  }
}

bool Arguments::given(std::size_t position) const {
  return position < values_.size() && values_[position] != nullptr &&
         sqlite3_value_type(values_[position]) != SQLITE_NULL;
}

std::string_view Arguments::text(std::size_t position) const {
  if (!given(position)) throw WrongType(label(position) + " must be text, not NULL");
  sqlite3_value* value = values_[position];
  if (sqlite3_value_type(value) != SQLITE_TEXT) {
    throw WrongType(label(position) + " must be text, not " + described(value));
  }
  const std::string_view text = text_of(value);
  if (!is_utf8(text)) {
    throw InvalidArgument(label(position) + " is not valid UTF-8: " + printable(text));
  }
  return text;
}

std::optional<std::string_view> Arguments::optional_text(std::size_t position) const {
  if (!given(position)) return std::nullopt;
  return text(position);
}

BytesView Arguments::key(std::size_t position) const {
  if (!given(position)) throw WrongType(label(position) + " must be text, not NULL");
  sqlite3_value* value = values_[position];
  if (sqlite3_value_type(value) == SQLITE_BLOB) {
    throw WrongType(label(position) + " must be text, not " + described(value));
  }
  return text_of(value);
}

Options Arguments::options(std::size_t position) const {
  if (!given(position)) return Options(label(position));
  return Options(label(position), text(position));
}

std::string Arguments::label(std::size_t position) const {
  return "argument " + std::to_string(position + 1) + " (" + names_[position] + ")";
}

}  // namespace vkv::ext
