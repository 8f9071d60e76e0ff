#include "ext/change_stamp.h"

namespace vkv::ext {

std::optional<ChangeStamp> change_stamp(const Connection& connection, const std::string& schema) {
  sqlite3* const db = connection.db();
  if (sqlite3_txn_state(db, schema.c_str()) <= SQLITE_TXN_NONE) return {};
  ChangeStamp stamp;
  if (sqlite3_file_control(db, schema.c_str(), SQLITE_FCNTL_DATA_VERSION, &stamp.data_version) !=
      SQLITE_OK) {
    return {};
  }
  stamp.total_changes = sqlite3_total_changes64(db);
  stamp.epoch = connection.epoch();
  return stamp;
}

}  // namespace vkv::ext
