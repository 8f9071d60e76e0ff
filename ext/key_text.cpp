#include "ext/key_text.h"

#include <new>

namespace vkv::ext {

std::optional<BytesView> key_text(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL || type == SQLITE_BLOB) return {};
  const unsigned char* const text = sqlite3_value_text(value);
  if (text == nullptr) throw std::bad_alloc();
  return BytesView(reinterpret_cast<const char*>(text),
                   static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

}  // namespace vkv::ext
