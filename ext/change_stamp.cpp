#include "ext/change_stamp.h"

#include "ext/connection.h"

namespace vkv::ext {

std::optional<ChangeStamp> change_stamp(const Connection& connection, const std::string& schema) {
  if (sqlite3_txn_state(connection.db(), schema.c_str()) <= SQLITE_TXN_NONE) return {};
  return change_stamp_in_transaction(connection, schema);
}

// A name SQLite would compare with that of each schema; main is also the one without.
std::optional<ChangeStamp> change_stamp_in_transaction(const Connection& connection,
                                                       const std::string& schema) {
  sqlite3* const db = connection.db();
  const char* const name = schema == "main" ? nullptr : schema.c_str();
  ChangeStamp stamp;
  if (sqlite3_file_control(db, name, SQLITE_FCNTL_DATA_VERSION, &stamp.data_version) != SQLITE_OK) {
    return {};
  }
  stamp.total_changes = sqlite3_total_changes64(db);
  stamp.epoch = connection.epoch();
  return stamp;
}

}  // namespace vkv::ext
