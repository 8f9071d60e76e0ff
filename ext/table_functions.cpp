#include "ext/table_functions.h"

#include "ext/tvf.h"

namespace vkv::ext {

int register_table_functions(sqlite3* db, const std::shared_ptr<Connection>& connection) {
  for (const TableFunction* function :
       {&kAtFunction, &kBlameFunction, &kBranchesFunction, &kDiffFunction, &kHistoryFunction,
        &kLogFunction, &kNamespacesFunction, &kStatusFunction, &kTagsFunction,
        &kWorkspacesFunction}) {
    const int code = register_table_function(db, *function, connection);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace vkv::ext
