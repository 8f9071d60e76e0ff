#include "ext/guard.h"

#include <new>

#include "core/base/utf8.h"
#include "core/kv/sqlite.h"

namespace vkv::ext {
namespace {

int code_of(const std::exception& error) {
  if (const auto* storage = dynamic_cast<const StorageError*>(&error)) {
    return storage->code() != SQLITE_OK ? storage->code() : SQLITE_ERROR;
  }
  if (dynamic_cast<const NoCommonAncestor*>(&error) != nullptr) return SQLITE_ERROR;
  if (dynamic_cast<const ConcurrencyError*>(&error) != nullptr) return SQLITE_BUSY;
  if (dynamic_cast<const MergeConflict*>(&error) != nullptr) return SQLITE_CONSTRAINT;
  if (dynamic_cast<const Corruption*>(&error) != nullptr) return SQLITE_CORRUPT_VTAB;
  if (dynamic_cast<const TooLarge*>(&error) != nullptr) return SQLITE_TOOBIG;
  if (dynamic_cast<const WrongType*>(&error) != nullptr) return SQLITE_MISMATCH;
  if (dynamic_cast<const std::length_error*>(&error) != nullptr) return SQLITE_TOOBIG;
  return SQLITE_ERROR;
}

}  // namespace

std::string utf8_text(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t character = utf8_character(text);
    out +=
        character > 0 ? std::string(text.substr(0, character)) : "\\x" + to_hex(text.substr(0, 1));
    text.remove_prefix(character > 0 ? character : 1);
  }
  return out;
}

Failure describe(std::exception_ptr error) noexcept {
  try {
    try {
      std::rethrow_exception(std::move(error));
    } catch (const std::bad_alloc&) {
      return {SQLITE_NOMEM, {}};
    } catch (const std::exception& thrown) {
      return {code_of(thrown), utf8_text(thrown.what())};
    } catch (...) {
      return {SQLITE_ERROR, "unknown error"};
    }
  } catch (...) {  // no memory to describe it
    return {SQLITE_NOMEM, {}};
  }
}

}  // namespace vkv::ext
