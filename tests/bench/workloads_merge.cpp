// Differences, merges, large values: cost follows the change.
#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

constexpr std::uint64_t kChangedRows = 10;

// A copy of the loaded table and a commit that changed ten rows, far apart.
TemporaryTable with_ten_changed(Bench& bench, std::uint64_t rows) {
  TemporaryTable target = bench.copy(Kind::vkv, rows);
  Transaction transaction(target.table.database());
  for (std::uint64_t i = 0; i < kChangedRows; ++i) {
    target.table.update(i * (rows / kChangedRows), bench.data().value(i, 1));
  }
  target.table.commit();
  transaction.commit();
  return target;
}

Measurement diff(Bench& bench) {
  TemporaryTable small = with_ten_changed(bench, std::max<std::uint64_t>(bench.rows() / 100, 100));
  TemporaryTable large = with_ten_changed(bench, bench.rows());
  constexpr int kTimes = 100;
  const auto run = [&](Table& table) {
    Query query(table.database(),
                "SELECT count(*) + sum(length(old_value) + length(new_value)) "
                "FROM vkv_diff('kv', 'HEAD~1', 'HEAD')");
    std::uint64_t tally = 0;
    const Stopwatch watch = bench.stopwatch();
    for (int i = 0; i < kTimes; ++i) {
      query.step();
      tally += static_cast<std::uint64_t>(query.integer(0));
      query.reset();
    }
    return Sample{.amount = watch.seconds() / kTimes, .tally = tally};
  };
  return compare(
      bench.settings().repeat, [&] { return run(small.table); }, [&] { return run(large.table); },
      /*warm_up=*/1);
}

// Two branches change even and odd rows, the same ones in every table for a round.
class TwoSides {
 public:
  TwoSides(Bench& bench, Table& table)
      : bench_(bench), table_(table), changes_(std::min<std::uint64_t>(1'000, bench.rows() / 2)) {}

  // Both sides' changes one after the other in one transaction, and a commit.
  Sample together() {
    ++round_;
    const Stopwatch watch = bench_.stopwatch();
    Transaction transaction(table_.database());
    change(0);
    change(1);
    table_.commit();
    transaction.commit();
    return {.amount = watch.seconds()};
  }

  // Each side's changes on a branch of its own; the merge is what is timed.
  Sample merged() {
    const std::string other = "side-" + std::to_string(++round_);
    table_.database().execute("SELECT vkv_branch('kv', '" + other + "')");
    commit_change(0);
    table_.database().execute("SELECT vkv_checkout('kv', '" + other + "')");
    commit_change(1);
    table_.database().execute("SELECT vkv_checkout('kv', 'main')");

    const Stopwatch watch = bench_.stopwatch();
    table_.database().execute("SELECT vkv_merge('kv', '" + other + "')");
    return {.amount = watch.seconds()};
  }

 private:
  void change(std::uint64_t side) {
    Random random(round_);
    for (std::uint64_t i = 0; i < changes_; ++i) {
      const std::uint64_t row = 2 * random.below(bench_.rows() / 2) + side;
      table_.update(row, bench_.data().value(row, round_));
    }
  }

  void commit_change(std::uint64_t side) {
    Transaction transaction(table_.database());
    change(side);
    table_.commit();
    transaction.commit();
  }

  Bench& bench_;
  Table& table_;
  std::uint64_t changes_;
  std::uint64_t round_ = 0;
};

Measurement three_way_merge(Bench& bench) {
  TemporaryTable updated = bench.copy(Kind::vkv, bench.rows());
  TemporaryTable merged = bench.copy(Kind::vkv, bench.rows());
  TwoSides reference(bench, updated.table);
  TwoSides measured(bench, merged.table);
  const Measurement result = compare(
      bench.settings().repeat, [&] { return reference.together(); },
      [&] { return measured.merged(); });
  check_same_rows(updated.table, merged.table);
  return result;
}

Measurement large_value(Bench& bench) {
  TemporaryTable target = bench.empty(Kind::vkv);
  Database& database = target.table.database();
  std::string value(10'000'000, '\0');
  Random random(9);
  for (char& c : value) c = static_cast<char>(random.below(256));
  Query(database, "INSERT INTO kv VALUES('large', ?1)").bind_blob(1, value).run();
  target.table.commit();

  const std::int64_t before = target.table.pages_in_use();
  value[value.size() / 2] ^= 1;
  Query(database, "UPDATE kv SET value = ?1").bind_blob(1, value).run();
  target.table.commit();
  const std::int64_t pages = target.table.pages_in_use() - before;

  Query read(database, "SELECT value FROM kv");
  if (!read.step() || read.text(0) != value) throw Disagreement("another value is read back");
  return {.measured = static_cast<double>(pages * target.table.page_size())};
}

}  // namespace

std::vector<Workload> merge_workloads() {
  const auto ratio = [](double value) { return Bar{Bar::Kind::ratio, value}; };
  constexpr double kKiB = 1 << 10;
  return {
      {"diff of 10 changed rows", "1/100 of the rows", Unit::seconds, ratio(2), diff},
      {"three-way merge, 1 000 + 1 000 changes", "update_txn of the same", Unit::seconds,
       ratio(1.0), three_way_merge},
      {"10 MB value, one byte changed",
       "",
       Unit::bytes,
       {Bar::Kind::limit, 200 * kKiB},
       large_value},
  };
}

}  // namespace vkv::bench
