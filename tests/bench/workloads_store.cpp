// What versions cost below SQL, counted where the core reads its store.
#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <unordered_map>

#include "core/graph/gc.h"
#include "core/graph/key_history.h"
#include "core/kv/sqlite_store.h"
#include "core/tree/cursor.h"
#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

constexpr std::string_view kNode = "n";

// Reads pass through to a table's store and are counted by key. Nothing here writes.
class CountingStore final : public KVStore {
 public:
  explicit CountingStore(Table& table) : store_(table.database().handle(), "main", "kv_store") {}

  std::optional<Bytes> get(std::string_view key) override {
    ++reads_[std::string(key)];
    auto value = store_.get(key);
    if (value && key.starts_with(kNode) && value->front() == '\0') ++leaves_;
    return value;
  }
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override {
    store_.visit_keys(prefix, visit);
  }
  void visit(std::string_view prefix, const EntryVisitor& visit) override {
    store_.visit(prefix, visit);
  }
  void set_many(std::span<const Entry> entries) override { store_.set_many(entries); }
  void remove_many(std::span<const std::string_view> keys) override { store_.remove_many(keys); }
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override {
    return store_.cas(key, value, expected);
  }
  void clear() override { store_.clear(); }

  // Leaves read so far, each as often as it was.
  std::uint64_t leaves() const { return leaves_; }
  // How often the object was read that was read most.
  std::uint64_t most_reads() const {
    std::uint64_t most = 0;
    for (const auto& [key, reads] : reads_) most = std::max(most, reads);
    return most;
  }

 private:
  SqliteStore store_;
  std::unordered_map<std::string, std::uint64_t> reads_;
  std::uint64_t leaves_ = 0;
};

// A history in which `row` changed ten times.
TemporaryTable with_changes_of(Bench& bench, std::uint64_t row) {
  TemporaryTable target = bench.with_history(bench.rows(), bench.long_history());
  Random random(10);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    commit_one_row(bench, target.table, row, bench.long_history() + i);
    commit_one_row(bench, target.table, random.below(bench.rows()), i);
  }
  return target;
}

Hash head_of(Repository& repository) { return repository.refs().head("main").value(); }

// How many commits have another leaf with the key than the one before them.
std::uint64_t changed_leaves(KVStore& store, BytesView key) {
  NodeCache cache(std::size_t{64} << 20);
  Repository repository(store, cache);
  LogWalker walker(repository, head_of(repository), LogOrder::first_parents);
  std::uint64_t changed = 0;
  Bytes later;
  while (const auto commit = walker.next()) {
    Bytes leaf;
    if (commit->commit.root != empty_root()) {
      NodePtr node = repository.nodes().get(commit->commit.root);
      while (!node->is_leaf()) {
        node = repository.nodes().child(*node, std::min(node->lower_bound(key), node->size() - 1));
      }
      leaf = node->body();
    }
    if (!later.empty() && leaf != later) ++changed;
    later = std::move(leaf);
  }
  return changed;
}

// A commit that changed the leaf is compared with the one before it: two leaves. All beyond that
// would be leaves of commits that left it alone.
Measurement history_of_a_key(Bench& bench) {
  TemporaryTable target = with_changes_of(bench, 0);
  const Key key = Dataset::key(0);
  CountingStore store(target.table);
  NodeCache none(0);
  Repository repository(store, none);
  KeyHistory history(repository, head_of(repository), key.view());
  std::uint64_t changes = 0;
  while (history.next()) ++changes;
  if (changes < 10) throw Disagreement("changes of the key are missing from its history");

  const std::uint64_t visited = store.leaves();
  const std::uint64_t allowed = 2 * changed_leaves(store, key.view());
  return {.measured = static_cast<double>(visited - std::min(visited, allowed))};
}

// Bytes this program has allocated, SQLite's own not counted.
std::int64_t allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd) - sqlite3_memory_used();
}

// The later half of the history is unreachable: the branch has gone back.
TemporaryTable with_garbage(Bench& bench) {
  TemporaryTable target = bench.with_history(bench.rows(), bench.long_history());
  Database& database = target.table.database();
  const std::string back = std::to_string(bench.long_history() / 2);
  database.execute("SELECT vkv_reset_to('kv', 'HEAD~" + back + "')");
  return target;
}

Measurement reads_of_collecting(Bench& bench) {
  TemporaryTable target = with_garbage(bench);
  CountingStore store(target.table);
  const GcReport report =
      collect_garbage(store, {.min_age = {}, .dry_run = true, .caller_is_exclusive = true});
  if (report.removed_commits == 0) throw Disagreement("no garbage was found");
  return {.measured = static_cast<double>(store.most_reads())};
}

// Of a store without garbage, whose hashes would be kept as well.
Measurement memory_of_collecting(Bench& bench) {
  TemporaryTable target = bench.with_history(bench.rows(), bench.long_history());
  SqliteStore store(target.table.database().handle(), "main", "kv_store");
  const std::int64_t before = allocated();
  std::int64_t peak = before;
  std::uint64_t steps = 0;
  const auto sample = [&] {
    if (++steps % 256 == 0) peak = std::max(peak, allocated());
  };
  const GcReport report = collect_garbage(
      store, {.min_age = {}, .dry_run = true, .caller_is_exclusive = true, .checkpoint = sample});
  if (report.removed_chunks > 0) throw Disagreement("what is alive was taken for garbage");
  const std::uint64_t live = report.live_commits + report.live_chunks;
  return {.measured = static_cast<double>(peak - before) / static_cast<double>(live)};
}

}  // namespace

std::vector<Workload> store_workloads() {
  return {
      {"vkv_history of a key: leaves of commits that kept its path",
       "",
       Unit::chunks,
       {Bar::Kind::limit, 0},
       history_of_a_key},
      {"vkv_gc: reads of a live chunk",
       "",
       Unit::chunks,
       {Bar::Kind::limit, 1},
       reads_of_collecting},
      {"vkv_gc: memory for a live chunk",
       "",
       Unit::bytes,
       {Bar::Kind::limit, 64},
       memory_of_collecting},
  };
}

}  // namespace vkv::bench
