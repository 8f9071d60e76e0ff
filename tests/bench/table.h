// The table under test: plain or versioned, the same SQL for both.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "tests/bench/database.h"
#include "tests/bench/dataset.h"

namespace vkv::bench {

enum class Kind { plain, vkv };

// A file to be deleted, with what SQLite keeps beside it.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The table `kv` in a database file of its own, opened with the PRAGMAs of every measurement:
// journal_mode=WAL, synchronous=OFF, cache_size=-200000.
class Table {
 public:
  // Creates the table unless the file has it.
  Table(Kind kind, const std::filesystem::path& file, const std::filesystem::path& extension);

  Kind kind() const { return kind_; }
  Database& database() { return database_; }

  // Row numbers `first` up to before `last`, in the caller's transaction.
  void insert(const Dataset& data, std::uint64_t first, std::uint64_t last);
  void update(std::uint64_t row, std::string_view value);
  // vkv_commit; nothing on a plain table.
  void commit();

  // page_count - freelist_count.
  std::int64_t pages_in_use();
  std::int64_t page_size() { return database_.integer("PRAGMA page_size"); }
  // Depends on every key and value.
  std::uint64_t fingerprint();

 private:
  Kind kind_;
  Database database_;
  std::optional<Query> update_;
  std::optional<Query> commit_;
};

// Throws Disagreement unless both tables hold the same rows.
void check_same_rows(Table& a, Table& b);

}  // namespace vkv::bench
