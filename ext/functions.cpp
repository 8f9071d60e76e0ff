#include "ext/functions.h"

#include "ext/function_call.h"
#include "ext/guard.h"

namespace vkv::ext {
namespace {

// What SQLite keeps with each function.
struct Registered {
  const Function& function;
  std::shared_ptr<Connection> connection;
};

void report(sqlite3_context* context, const Function& function, const Failure& failure) noexcept {
  if (failure.code == SQLITE_NOMEM) {
    sqlite3_result_error_nomem(context);
    return;
  }
  char* const message = sqlite3_mprintf("%s: %s", function.name, failure.message.c_str());
  sqlite3_result_error(context, message != nullptr ? message : "", -1);
  sqlite3_result_error_code(context, failure.code);
  sqlite3_free(message);
}

void call(sqlite3_context* context, int count, sqlite3_value** values) noexcept {
  const auto& [function, connection] = *static_cast<const Registered*>(sqlite3_user_data(context));
  guard(
      [&, &function = function, &connection = connection] {
        const Arguments arguments({values, static_cast<std::size_t>(count)}, function.names());
        FunctionCall call(context, *connection, function, arguments);
        function.run(call);
        return SQLITE_OK;
      },
      [&, &function = function](const Failure& failure) { report(context, function, failure); });
}

void destroy(void* registered) noexcept { delete static_cast<Registered*>(registered); }

// Once for each number of arguments there may be, so that SQLite refuses the others.
int add(const std::shared_ptr<Connection>& connection, const Function& function) {
  const int flags = SQLITE_UTF8 | (function.effect == Function::Effect::reads ? SQLITE_INNOCUOUS
                                                                              : SQLITE_DIRECTONLY);
  for (std::size_t count = function.required; count <= function.names().size(); ++count) {
    // Destroyed by SQLite, also when it refuses.
    auto registered = std::make_unique<Registered>(Registered{function, connection});
    const int code =
        sqlite3_create_function_v2(connection->db(), function.name, static_cast<int>(count), flags,
                                   registered.release(), call, nullptr, nullptr, destroy);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace

int register_functions(const std::shared_ptr<Connection>& connection) {
  for (const auto& theme : {branch_functions(), commit_functions(), gc_functions(),
                            inspect_functions(), merge_functions(), row_functions(),
                            session_functions(), tag_functions(), workspace_functions()}) {
    for (const Function& function : theme) {
      if (const int code = add(connection, function); code != SQLITE_OK) return code;
    }
  }
  return SQLITE_OK;
}

}  // namespace vkv::ext
