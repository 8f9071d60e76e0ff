// Disk: a KVStore in an SQLite file of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "core/kv/kvstore.h"
#include "core/kv/pins_commits.h"

struct sqlite3;

namespace vkv {

class SqliteStore;

// The file has the shadow tables of a table named vkv (sql/shadow_tables.sql), so any SQLite shell
// reads it and the extension opens it as such a table. Other tables in it are left alone.
//
// Processes: any number may use one file, each through a Disk of its own; a Disk does not survive a
// fork. Threads: any number may share one Disk, which has one connection and serves one call at a
// time; inside visit() and exclusive() the same thread may use it.
//
// Every call is atomic, reads of many keys and visits included. exclusive() is a write transaction,
// or a savepoint in the one that is open: other threads wait for its end, other processes read on
// and wait to write. What a call has written is durable when the outermost call returns, through a
// loss of power too (WAL, synchronous=FULL: one fsync).
//
// Errors are StorageErrors with SQLite's extended code, and name the file; damaged rows are
// Corruption. After an error that made SQLite roll back, whatever else an open exclusive() writes
// fails too. Nobody waits longer than the busy timeout for another process.
class Disk final : public KVStore, public PinsCommits {
 public:
  static constexpr std::chrono::milliseconds kBusyTimeout{10'000};

  // What the file is for, which it remembers: a versioned store, which the extension opens too, or
  // keys of the program's own.
  enum class Content { versions, keys };

  // Creates the file and its tables when they are not there; the directory must be. Before anything
  // is written, throws Unsupported when the tables are of a newer format or of other content, and
  // StorageError when the path is no file that can be written, or no database.
  explicit Disk(const std::filesystem::path& path,
                std::chrono::milliseconds busy_timeout = kBusyTimeout,
                Content content = Content::versions);
  ~Disk() override;

  std::optional<Bytes> get(std::string_view key) override;
  bool contains(std::string_view key) override;
  Entries get_many(std::span<const std::string_view> keys) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;
  bool exclusive(const std::function<void()>& body) override;
  // What the workspaces of the table stand on, or merge.
  std::vector<Bytes> pinned_commits() override;

 private:
  // Rolled back unless committed.
  class Transaction;

  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };

  void connect();
  // False when there are none; else they have been found to be of a known format and the content.
  // To be called in a transaction, for it looks at several rows.
  bool has_tables();
  void create_tables();
  void enter_wal_mode();

  // body(), naming the file in the StorageErrors it throws. It must not run code of the caller's.
  template <typename Body>
  auto named(const Body& body);
  // The same under the lock, and in a transaction.
  template <typename Body>
  auto locked(const Body& body);
  template <typename Body>
  auto in_transaction(const char* begin, const Body& body);

  const std::string path_;
  const std::chrono::milliseconds busy_timeout_;
  const char* const type_;  // the content as the tables state it
  std::recursive_mutex mutex_;
  std::unique_ptr<sqlite3, Close> db_;
  std::unique_ptr<SqliteStore> store_;
  unsigned open_transactions_ = 0;
};

}  // namespace vkv
