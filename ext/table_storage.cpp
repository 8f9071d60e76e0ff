#include "ext/table_storage.h"

#include <algorithm>

#include "core/base/error.h"

namespace vkv::ext {
namespace {

// The SQL transaction makes a commit atomic, so it need not be held in memory until its end.
constexpr std::size_t kBatchBytes = std::size_t{1} << 16;
// A node takes about 20 microseconds, and asking nearly 1.
constexpr unsigned kCheckpointsPerCheck = 16;

// How much of the schema SQLite may keep in memory; 0 when it does not tell.
std::size_t page_cache_bytes(sqlite3* db, std::string_view schema) {
  const auto pragma = [&](const char* name) {
    Statement statement(db, "PRAGMA " + quoted_identifier(schema) + "." + name);
    Statement::Run run(statement);
    return run.step() ? run.int64(0) : 0;
  };
  // Pages, or if negative KiB.
  const std::int64_t size = pragma("cache_size");
  const std::int64_t bytes = size < 0 ? -1024 * size : size * pragma("page_size");
  return static_cast<std::size_t>(std::max<std::int64_t>(bytes, 0));
}

// Whoever grants SQLite memory for the schema's pages means its rows: here they are in nodes.
void widen_node_cache(Connection& connection, std::string_view schema) {
  try {
    connection.node_cache().allow(page_cache_bytes(connection.db(), schema));
  } catch (const StorageError& error) {
    if (error.code() != SQLITE_AUTH) throw;  // the application denies PRAGMA
  }
}

}  // namespace

VersionedTable::Storage::Storage(VersionedTable& table)
    : connection(table.connection()),
      interrupt_check(connection.db(), "SELECT 1"),
      settings(connection.db(), table.schema(), table.name()),
      store(connection.db(), table.schema(), table.name() + "_store"),
      repository(store, connection.node_cache(), {.batch_bytes = kBatchBytes, .clock = {}}),
      buffer([&table](const StagedBuffer::Contents& contents) { table.write_out(contents); }),
      staged(connection.db(), table.schema(), table.name(), buffer),
      workspaces(connection.db(), table.schema(), table.name(), buffer),
      touches(store),
      user_bytes(repository.nodes()) {
  connection.buffers().add(buffer);
  widen_node_cache(connection, table.schema());
  // A statement that starts while the connection is interrupted fails with that.
  repository.chunks().set_checkpoint([this, calls = 0U]() mutable {
    if (++calls % kCheckpointsPerCheck == 0) Statement::Run(interrupt_check).step();
  });
}

VersionedTable::Storage::~Storage() { connection.buffers().remove(buffer); }

void VersionedTable::Storage::finalize_statements() {
  interrupt_check.finalize();
  settings.finalize();
  store.finalize_statements();
  staged.finalize();
  workspaces.finalize();
}

}  // namespace vkv::ext
