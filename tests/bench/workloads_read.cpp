// Reading, against a plain table.
#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

std::uint64_t operations(const Bench& bench, std::uint64_t most) {
  return std::min(bench.rows(), most);
}

// SELECT of one value by key, prepared once, random keys; each in a transaction of its own.
class PointGet {
 public:
  enum class Keys { hit, miss };

  PointGet(Bench& bench, Table& table, Keys keys)
      : bench_(bench), query_(table.database(), "SELECT value FROM kv WHERE key = ?1") {
    Random random(2);
    for (std::uint64_t i = operations(bench, 50'000); i > 0; --i) {
      keys_.push_back(keys == Keys::hit ? Dataset::key(random.below(bench.rows()))
                                        : Dataset::missing_key(i));
    }
  }

  Sample run() {
    std::uint64_t bytes = 0;
    const Stopwatch watch = bench_.stopwatch();
    for (const Key& key : keys_) {
      query_.bind(1, key.view());
      while (query_.step()) bytes += query_.text(0).size();
    }
    return {.amount = watch.seconds() / static_cast<double>(keys_.size()), .tally = bytes};
  }

 private:
  Bench& bench_;
  Query query_;
  std::vector<Key> keys_;
};

// 100 rows from a random key on.
class Range {
 public:
  Range(Bench& bench, Table& table)
      : bench_(bench),
        query_(table.database(),
               "SELECT key, value FROM kv WHERE key >= ?1 ORDER BY key LIMIT 100") {}

  Sample run() {
    const std::uint64_t ranges = operations(bench_, 2'000);
    Random random(3);
    std::uint64_t bytes = 0;
    const Stopwatch watch = bench_.stopwatch();
    for (std::uint64_t i = 0; i < ranges; ++i) {
      const Key key = Dataset::missing_key(random.below(bench_.rows()));
      query_.bind(1, key.view());
      while (query_.step()) bytes += query_.text(0).size() + query_.text(1).size();
    }
    return {.amount = watch.seconds() / static_cast<double>(ranges), .tally = bytes};
  }

 private:
  Bench& bench_;
  Query query_;
};

class Scan {
 public:
  Scan(Bench& bench, Table& table)
      : bench_(bench), query_(table.database(), "SELECT sum(length(value)) FROM kv") {}

  Sample run() {
    const Stopwatch watch = bench_.stopwatch();
    query_.step();
    const auto bytes = static_cast<std::uint64_t>(query_.integer(0));
    query_.reset();
    return {.amount = watch.seconds(), .tally = bytes};
  }

 private:
  Bench& bench_;
  Query query_;
};

template <typename Operation, typename... Arguments>
Measurement on(Bench& bench, Table& plain, Table& vkv, Arguments... arguments) {
  Operation reference(bench, plain, arguments...);
  Operation measured(bench, vkv, arguments...);
  return compare(
      bench.settings().repeat, [&] { return reference.run(); }, [&] { return measured.run(); },
      /*warm_up=*/1);
}

template <typename Operation, typename... Arguments>
Measurement on_clean(Bench& bench, Arguments... arguments) {
  return on<Operation>(bench, bench.reading(Kind::plain), bench.reading(Kind::vkv), arguments...);
}

// The same with 1 000 rows changed and not committed as a version.
template <typename Operation, typename... Arguments>
Measurement on_staged(Bench& bench, Arguments... arguments) {
  TemporaryTable plain = bench.copy(Kind::plain, bench.rows());
  TemporaryTable vkv = bench.copy(Kind::vkv, bench.rows());
  for (Table* table : {&plain.table, &vkv.table}) {
    Transaction transaction(table->database());
    for (std::uint64_t row = 0; row < std::min<std::uint64_t>(1'000, bench.rows()); ++row) {
      table->update(row, bench.data().value(row, 1));
    }
    transaction.commit();
  }
  check_same_rows(plain.table, vkv.table);
  return on<Operation>(bench, plain.table, vkv.table, arguments...);
}

}  // namespace

std::vector<Workload> read_workloads() {
  const auto ratio = [](double value) { return Bar{Bar::Kind::ratio, value}; };
  using Keys = PointGet::Keys;
  return {
      {"point_get, hit", "plain", Unit::seconds, ratio(1.0),
       [](Bench& bench) { return on_clean<PointGet>(bench, Keys::hit); }},
      {"point_get, miss", "plain", Unit::seconds, ratio(1.0),
       [](Bench& bench) { return on_clean<PointGet>(bench, Keys::miss); }},
      {"point_get, hit, 1 000 staged", "plain", Unit::seconds, ratio(1.3),
       [](Bench& bench) { return on_staged<PointGet>(bench, Keys::hit); }},
      {"point_get, miss, 1 000 staged", "plain", Unit::seconds, ratio(1.3),
       [](Bench& bench) { return on_staged<PointGet>(bench, Keys::miss); }},
      {"range_100", "plain", Unit::seconds, ratio(1.2),
       [](Bench& bench) { return on_clean<Range>(bench); }},
      {"full scan", "plain", Unit::seconds, ratio(1.5),
       [](Bench& bench) { return on_clean<Scan>(bench); }},
  };
}

}  // namespace vkv::bench
