#include "ext/key_text.h"

#include "ext/sql_value.h"

namespace vkv::ext {

std::optional<BytesView> key_text(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL || type == SQLITE_BLOB) return {};
  return borrowed_text(value);
}

}  // namespace vkv::ext
