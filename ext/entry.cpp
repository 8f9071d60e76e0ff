// The entry point, and everything that one connection is given.
#include "core/kv/sqlite.h"
#include "ext/connection.h"
#include "ext/functions.h"
#include "ext/guard.h"
#include "ext/table_functions.h"
#include "ext/table_module.h"
#include "ext/vkv.h"

#ifdef VKV_LOADABLE
SQLITE_EXTENSION_INIT1
#endif

namespace vkv::ext {
namespace {

constexpr int kOldestHost = 3'040'000;

void version(sqlite3_context* context, int, sqlite3_value**) noexcept {
  sqlite3_result_text(context, VKV_VERSION, -1, SQLITE_STATIC);
}

// Registering again would fail while the statement that loads the extension uses what is there. The
// function asked for is registered last.
bool is_registered(sqlite3* db) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "SELECT vkv_version()", -1, &statement, nullptr);
  sqlite3_finalize(statement);
  return statement != nullptr;
}

int register_all(sqlite3* db) {
  const auto connection = std::make_shared<Connection>(db);
  if (const int code = register_table_module(connection); code != SQLITE_OK) return code;
  if (const int code = register_table_functions(db, connection); code != SQLITE_OK) return code;
  if (const int code = register_functions(connection); code != SQLITE_OK) return code;
  return sqlite3_create_function_v2(db, "vkv_version", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, nullptr,
                                    version, nullptr, nullptr, nullptr);
}

void report(char** message, const char* text) noexcept {
  if (message != nullptr) *message = sqlite3_mprintf("%s", text);
}

}  // namespace
}  // namespace vkv::ext

extern "C" int vkv_register(sqlite3* db) {
  using namespace vkv::ext;
  return guard([&] { return is_registered(db) ? SQLITE_OK : register_all(db); },
               [](const Failure&) {});
}

extern "C" __attribute__((visibility("default"))) int sqlite3_vkv_init(
    sqlite3* db, char** message, [[maybe_unused]] const sqlite3_api_routines* api) {
#ifdef VKV_LOADABLE
  SQLITE_EXTENSION_INIT2(api);
#endif
  if (sqlite3_libversion_number() < vkv::ext::kOldestHost) {
    vkv::ext::report(message, "vkv needs SQLite 3.40 or newer");
    return SQLITE_ERROR;
  }
  const int code = vkv_register(db);
  if (code != SQLITE_OK) vkv::ext::report(message, sqlite3_errstr(code));
  return code;
}
