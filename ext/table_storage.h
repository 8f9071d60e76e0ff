// What VersionedTable reads and writes its shadow tables through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/kv/shadow_tables.h"
#include "core/kv/sqlite_store.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

struct VersionedTable::Storage {
  explicit Storage(VersionedTable& table);
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage();

  void finalize_statements();

  Connection& connection;
  Statement interrupt_check;
  ShadowConfig settings;
  SqliteStore store;
  Repository repository;
  StagedBuffer buffer;
  StagedTable staged;
  WorkspaceTable workspaces;
  Touches touches;
  // Reads that the open transaction recorded, and the epoch then: should it be undone, they are
  // not.
  std::vector<std::string> recorded_reads;
  unsigned long long recorded_at = 0;
  UserBytes user_bytes;
};

}  // namespace vkv::ext
