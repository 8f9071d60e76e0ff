#include "tests/bench/bench.h"

#include <unistd.h>

namespace vkv::bench {
namespace fs = std::filesystem;

TemporaryFile Bench::new_file() {
  return TemporaryFile(settings_.directory / ("vkv_bench_" + std::to_string(getpid()) + "_" +
                                              std::to_string(++files_) + ".db"));
}

TemporaryTable Bench::empty(Kind kind) {
  TemporaryFile file = new_file();
  Table table(kind, file.path(), settings_.extension);
  return {.file = std::move(file), .table = std::move(table)};
}

const Loaded& Bench::loaded(Kind kind, std::uint64_t rows) {
  const auto found = loaded_.find({kind, rows});
  if (found != loaded_.end()) return found->second;

  TemporaryFile file = new_file();
  std::int64_t bytes_in_use = 0;
  std::int64_t log_bytes = 0;
  {
    Table table(kind, file.path(), settings_.extension);
    Transaction transaction(table.database());
    table.insert(data_, 0, rows);
    table.commit();
    transaction.commit();
    bytes_in_use = table.pages_in_use() * table.page_size();
    log_bytes = static_cast<std::int64_t>(fs::file_size(file.path().string() + "-wal"));
    table.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const auto file_bytes = static_cast<std::int64_t>(fs::file_size(file.path()));
  Loaded loaded{.file = std::move(file),
                .bytes_in_use = bytes_in_use,
                .file_bytes = file_bytes,
                .disk_bytes = file_bytes + log_bytes};
  return loaded_.emplace(std::pair(kind, rows), std::move(loaded)).first->second;
}

TemporaryTable Bench::open_copy(Kind kind, const fs::path& original) {
  TemporaryFile file = new_file();
  fs::copy_file(original, file.path());
  Table table(kind, file.path(), settings_.extension);
  return {.file = std::move(file), .table = std::move(table)};
}

TemporaryTable Bench::copy(Kind kind, std::uint64_t rows) {
  return open_copy(kind, loaded(kind, rows).file.path());
}

const fs::path& Bench::history_file(std::uint64_t rows, std::uint64_t commits) {
  const auto found = histories_.find({rows, commits});
  if (found != histories_.end()) return found->second.path();

  TemporaryFile file = new_file();
  fs::copy_file(loaded(Kind::vkv, rows).file.path(), file.path());
  {
    Table table(Kind::vkv, file.path(), settings_.extension);
    Random random(commits);
    for (std::uint64_t i = 1; i <= commits; ++i) {
      commit_one_row(*this, table, random.below(rows), i);
    }
    table.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  return histories_.emplace(std::pair(rows, commits), std::move(file)).first->second.path();
}

TemporaryTable Bench::with_history(std::uint64_t rows, std::uint64_t commits) {
  return open_copy(Kind::vkv, history_file(rows, commits));
}

Table& Bench::reading(Kind kind) {
  const auto found = reading_.find(kind);
  if (found != reading_.end()) return found->second;
  Table table(kind, loaded(kind, rows()).file.path(), settings_.extension);
  table.fingerprint();
  return reading_.emplace(kind, std::move(table)).first->second;
}

void commit_one_row(Bench& bench, Table& table, std::uint64_t row, std::uint64_t version) {
  Transaction transaction(table.database());
  table.update(row, bench.data().value(row, version));
  table.commit();
  transaction.commit();
}

}  // namespace vkv::bench
