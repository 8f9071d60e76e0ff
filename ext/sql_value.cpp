#include "ext/sql_value.h"

#include <bit>
#include <new>

#include "core/base/error.h"

namespace vkv::ext {
namespace {

std::array<char, 8> to_big_endian(std::uint64_t bits) {
  std::array<char, 8> bytes;
  for (std::size_t i = 8; i-- > 0; bits >>= 8) bytes[i] = static_cast<char>(bits & 0xff);
  return bytes;
}

std::uint64_t from_big_endian(BytesView bytes) {
  if (bytes.size() != 8) throw Corruption("a number of " + std::to_string(bytes.size()) + " bytes");
  std::uint64_t bits = 0;
  for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
  return bits;
}

// What sqlite3_value_blob() answers: a null pointer for no bytes, or where memory ran out.
BytesView bytes_of(sqlite3_value* value) {
  const void* const bytes = sqlite3_value_blob(value);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  if (bytes != nullptr) return {static_cast<const char*>(bytes), size};
  if (size > 0) throw std::bad_alloc();
  return {};
}

}  // namespace

// sqlite3_value_text() would copy a text that no NUL follows, as most that are bound or read from a
// table: where it is UTF-8 already, its bytes are all there is to it.
BytesView borrowed_text(sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_TEXT && sqlite3_value_encoding(value) == SQLITE_UTF8) {
    return bytes_of(value);
  }
  const unsigned char* const text = sqlite3_value_text(value);
  if (text == nullptr) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

SqlValue::SqlValue(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      number_ = to_big_endian(static_cast<std::uint64_t>(sqlite3_value_int64(value)));
      view_ = {ValueType::integer, {number_.data(), number_.size()}};
      break;
    case SQLITE_FLOAT:
      number_ = to_big_endian(std::bit_cast<std::uint64_t>(sqlite3_value_double(value)));
      view_ = {ValueType::real, {number_.data(), number_.size()}};
      break;
    case SQLITE_TEXT:
      view_ = {ValueType::text, borrowed_text(value)};
      break;
    case SQLITE_BLOB:
      view_ = {ValueType::blob, bytes_of(value)};
      break;
    default:
      view_ = {ValueType::null, {}};
  }
}

void set_result(sqlite3_context* context, ValueView value) {
  switch (value.type) {
    case ValueType::blob:
      return sqlite3_result_blob64(context, value.bytes.empty() ? "" : value.bytes.data(),
                                   value.bytes.size(), SQLITE_TRANSIENT);
    case ValueType::text:
      return sqlite3_result_text64(context, value.bytes.empty() ? "" : value.bytes.data(),
                                   value.bytes.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    case ValueType::integer:
      return sqlite3_result_int64(context, static_cast<std::int64_t>(from_big_endian(value.bytes)));
    case ValueType::real:
      return sqlite3_result_double(context, std::bit_cast<double>(from_big_endian(value.bytes)));
    case ValueType::null:
      return sqlite3_result_null(context);
  }
}

void set_result(sqlite3_context* context, ChunkStore& chunks, const StoredValue& stored) {
  if (stored.placement == StoredValue::Placement::in_node) {
    set_result(context, {stored.type, stored.payload});
  } else {
    set_result(context, load_value(chunks, stored));
  }
}

void bind_value(Statement::Run& run, int parameter, ValueView value) {
  switch (value.type) {
    case ValueType::blob:
      return run.bind_blob(parameter, value.bytes);
    case ValueType::text:
      return run.bind_text(parameter, value.bytes);
    case ValueType::integer:
      return run.bind_int64(parameter, static_cast<std::int64_t>(from_big_endian(value.bytes)));
    case ValueType::real:
      return run.bind_double(parameter, std::bit_cast<double>(from_big_endian(value.bytes)));
    case ValueType::null:
      return run.bind_null(parameter);
  }
}

Value text_value(std::string_view text) { return {ValueType::text, Bytes(text)}; }

Value integer_value(std::int64_t integer) {
  const auto bytes = to_big_endian(static_cast<std::uint64_t>(integer));
  return {ValueType::integer, Bytes(bytes.begin(), bytes.end())};
}

}  // namespace vkv::ext
