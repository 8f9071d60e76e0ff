#include "ext/table_storage.h"

namespace vkv::ext {
namespace {

// The SQL transaction makes a commit atomic, so it need not be held in memory until its end.
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

}  // namespace

VersionedTable::Storage::Storage(Connection& connection, std::string_view schema,
                                 std::string_view table)
    : interrupt_check(connection.db(), "SELECT 1"),
      settings(connection.db(), schema, table),
      store(connection.db(), schema, std::string(table) + "_store"),
      repository(store, connection.node_cache(), {.batch_bytes = kBatchBytes, .clock = {}}),
      staged(connection.db(), schema, table),
      workspaces(connection.db(), schema, table) {
  // A statement that starts while the connection is interrupted fails with that.
  repository.chunks().set_checkpoint([this] { Statement::Run(interrupt_check).step(); });
}

void VersionedTable::Storage::finalize_statements() {
  interrupt_check.finalize();
  settings.finalize();
  store.finalize_statements();
  staged.finalize();
  workspaces.finalize();
}

}  // namespace vkv::ext
