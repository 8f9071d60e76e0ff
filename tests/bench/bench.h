// Bench: what the workloads share: settings, the data set, loaded files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>

#include "tests/bench/measure.h"
#include "tests/bench/table.h"

namespace vkv::bench {

struct Settings {
  std::uint64_t rows = 1'000'000;
  int repeat = 5;
  Clock clock = Clock::wall;
  std::filesystem::path extension;
  std::filesystem::path directory;  // where files are put
};

// What bulk_load left, closed and checkpointed.
struct Loaded {
  TemporaryFile file;
  std::int64_t bytes_in_use;  // of the database, free pages not counted
  std::int64_t file_bytes;    // the database file, which never shrinks
  std::int64_t disk_bytes;    // the same and the write-ahead log at its longest
};

// A table in a file that goes with it.
struct TemporaryTable {
  TemporaryFile file;
  Table table;
};

class Bench {
 public:
  explicit Bench(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }
  const Dataset& data() const { return data_; }
  std::uint64_t rows() const { return settings_.rows; }
  Stopwatch stopwatch() const { return Stopwatch(settings_.clock); }
  // Commits in a long history: 10 000, and fewer in small runs.
  std::uint64_t long_history() const { return std::min<std::uint64_t>(rows(), 10'000); }

  // An empty table.
  TemporaryTable empty(Kind kind);
  // bulk_load of `rows` rows with vkv_commit, made once for each kind and size.
  const Loaded& loaded(Kind kind, std::uint64_t rows);
  // A copy of its file, to be changed at will.
  TemporaryTable copy(Kind kind, std::uint64_t rows);
  // Such a copy of the versioned table, with that many one-row commits on top; made once.
  TemporaryTable with_history(std::uint64_t rows, std::uint64_t commits);
  const std::filesystem::path& history_file(std::uint64_t rows, std::uint64_t commits);
  // The loaded table, shared by the workloads that only read; in its cache as far as that goes.
  Table& reading(Kind kind);

 private:
  TemporaryFile new_file();
  TemporaryTable open_copy(Kind kind, const std::filesystem::path& file);

  Settings settings_;
  Dataset data_;
  int files_ = 0;
  std::map<std::pair<Kind, std::uint64_t>, Loaded> loaded_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, TemporaryFile> histories_;
  std::map<Kind, Table> reading_;
};

// One row changed and committed, in a transaction.
void commit_one_row(Bench& bench, Table& table, std::uint64_t row, std::uint64_t version);

}  // namespace vkv::bench
