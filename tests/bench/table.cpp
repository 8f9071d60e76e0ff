#include "tests/bench/table.h"

#include <functional>
#include <system_error>

#include "tests/bench/measure.h"

namespace vkv::bench {

TemporaryFile::~TemporaryFile() {
  if (path_.empty()) return;
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(path_.string() + suffix, ignored);
  }
}

Table::Table(Kind kind, const std::filesystem::path& file, const std::filesystem::path& extension)
    : kind_(kind), database_(file) {
  if (kind == Kind::vkv) database_.load_extension(extension);
  database_.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;");
  if (database_.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'kv'") != 0) return;
  database_.execute(kind == Kind::vkv
                        ? "CREATE VIRTUAL TABLE kv USING vkv"
                        : "CREATE TABLE kv(key TEXT PRIMARY KEY, value) WITHOUT ROWID");
}

void Table::insert(const Dataset& data, std::uint64_t first, std::uint64_t last) {
  Query query(database_, "INSERT INTO kv VALUES(?1, ?2)");
  for (std::uint64_t row = first; row < last; ++row) {
    const Key key = Dataset::key(row);
    query.bind(1, key.view()).bind(2, data.value(row)).run();
  }
}

void Table::update(std::uint64_t row, std::string_view value) {
  if (!update_) update_.emplace(database_, "UPDATE kv SET value = ?2 WHERE key = ?1");
  const Key key = Dataset::key(row);
  update_->bind(1, key.view()).bind(2, value).run();
}

void Table::commit() {
  if (kind_ == Kind::plain) return;
  if (!commit_) commit_.emplace(database_, "SELECT vkv_commit('kv', 'bench')");
  commit_->run();
}

std::int64_t Table::pages_in_use() {
  return database_.integer("PRAGMA page_count") - database_.integer("PRAGMA freelist_count");
}

std::uint64_t Table::fingerprint() {
  Query query(database_, "SELECT key, value FROM kv ORDER BY key");
  std::uint64_t fingerprint = 0;
  const std::hash<std::string_view> hash;
  while (query.step()) {
    fingerprint = mix(fingerprint + hash(query.text(0)));
    fingerprint = mix(fingerprint + hash(query.text(1)));
  }
  return fingerprint;
}

void check_same_rows(Table& a, Table& b) {
  if (a.fingerprint() != b.fingerprint()) throw Disagreement("the tables hold different rows");
}

}  // namespace vkv::bench
