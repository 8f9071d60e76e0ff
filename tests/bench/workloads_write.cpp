// Writing, against a plain table.
#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

// Changes random rows of one table, the same on every table.
class Updates {
 public:
  Updates(Bench& bench, Table& table) : bench_(bench), table_(table) {}

  void one() {
    const std::uint64_t row = random_.below(bench_.rows());
    table_.update(row, bench_.data().value(row, ++version_));
  }

  // Runs `operation` `times` times and gives the time of one.
  template <typename Operation>
  Sample time(std::uint64_t times, const Operation& operation) {
    const Stopwatch watch = bench_.stopwatch();
    for (std::uint64_t i = 0; i < times; ++i) operation();
    return {.amount = watch.seconds() / static_cast<double>(times)};
  }

  Table& table() { return table_; }
  void begin() { table_.database().execute("BEGIN"); }
  void end() { table_.database().execute("COMMIT"); }

 private:
  Bench& bench_;
  Table& table_;
  Random random_{4};
  std::uint64_t version_ = 0;
};

// Runs `reference` and `measured`, which must make the same changes, on copies of the loaded
// tables.
template <typename Reference, typename Measured>
Measurement on_copies(Bench& bench, const Reference& reference, const Measured& measured) {
  TemporaryTable plain = bench.copy(Kind::plain, bench.rows());
  TemporaryTable vkv = bench.copy(Kind::vkv, bench.rows());
  Updates plain_updates(bench, plain.table);
  Updates vkv_updates(bench, vkv.table);
  const Measurement result = compare(
      bench.settings().repeat, [&] { return reference(plain_updates); },
      [&] { return measured(vkv_updates); });
  check_same_rows(plain.table, vkv.table);
  return result;
}

Measurement update_transaction(Bench& bench) {
  const std::uint64_t rows = std::min<std::uint64_t>(20'000, 2 * bench.rows());
  const auto run = [rows](Updates& updates) {
    return updates.time(1, [&] {
      updates.begin();
      for (std::uint64_t i = 0; i < rows; ++i) updates.one();
      updates.table().commit();
      updates.end();
    });
  };
  return on_copies(bench, run, run);
}

std::uint64_t single_updates(const Bench& bench) {
  return std::min<std::uint64_t>(1'000, bench.rows());
}

Measurement autocommit_update(Bench& bench, const char* synchronous) {
  const auto run = [&bench, synchronous](Updates& updates) {
    updates.table().database().execute(std::string("PRAGMA synchronous=") + synchronous);
    return updates.time(single_updates(bench), [&] { updates.one(); });
  };
  return on_copies(bench, run, run);
}

Measurement one_row_commit(Bench& bench) {
  return on_copies(
      bench,
      [&bench](Updates& updates) {
        return updates.time(single_updates(bench), [&] { updates.one(); });
      },
      [&bench](Updates& updates) {
        return updates.time(single_updates(bench), [&] {
          updates.begin();
          updates.one();
          updates.table().commit();
          updates.end();
        });
      });
}

}  // namespace

std::vector<Workload> write_workloads() {
  const auto ratio = [](double value) { return Bar{Bar::Kind::ratio, value}; };
  return {
      {"update_txn: 20 000 updates and a commit", "plain", Unit::seconds, ratio(1.5),
       update_transaction},
      {"autocommit update, synchronous=OFF", "plain", Unit::seconds, ratio(1.2),
       [](Bench& bench) { return autocommit_update(bench, "OFF"); }},
      {"autocommit update, synchronous=NORMAL", "plain", Unit::seconds, ratio(1.2),
       [](Bench& bench) { return autocommit_update(bench, "NORMAL"); }},
      {"one-row commit", "plain autocommit update", Unit::seconds, ratio(5), one_row_commit},
  };
}

}  // namespace vkv::bench
