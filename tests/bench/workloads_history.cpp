// What versions cost: history, branches, older versions.
#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

constexpr std::uint64_t kShortHistory = 10;

// The time of one of `times` calls of `operation`, which is told how many went before.
template <typename Operation>
Sample time_each(const Bench& bench, std::uint64_t times, const Operation& operation) {
  const Stopwatch watch = bench.stopwatch();
  std::uint64_t tally = 0;
  for (std::uint64_t i = 0; i < times; ++i) tally += static_cast<std::uint64_t>(operation(i));
  return {.amount = watch.seconds() / static_cast<double>(times), .tally = tally};
}

// 1 000 rows where the loaded table has 1 000 000.
std::uint64_t few_rows(const Bench& bench) {
  return std::max<std::uint64_t>(bench.rows() / 1'000, 100);
}

Measurement growth_of_a_commit(Bench& bench) {
  TemporaryTable target = bench.copy(Kind::vkv, bench.rows());
  const std::uint64_t commits = std::min<std::uint64_t>(1'000, bench.rows());
  Random random(5);
  const std::int64_t before = target.table.pages_in_use();
  for (std::uint64_t i = 1; i <= commits; ++i) {
    commit_one_row(bench, target.table, random.below(bench.rows()), i);
  }
  const std::int64_t bytes = (target.table.pages_in_use() - before) * target.table.page_size();
  return {.measured = static_cast<double>(bytes) / static_cast<double>(commits)};
}

Measurement commit_after_history(Bench& bench) {
  TemporaryTable young = bench.with_history(bench.rows(), kShortHistory);
  TemporaryTable old = bench.with_history(bench.rows(), bench.long_history());
  std::uint64_t version = bench.long_history();
  const auto run = [&](Table& table) {
    Random random(6);
    return time_each(bench, 200, [&](std::uint64_t) {
      commit_one_row(bench, table, random.below(bench.rows()), ++version);
      return 1;
    });
  };
  return compare(
      bench.settings().repeat, [&] { return run(young.table); }, [&] { return run(old.table); });
}

// Connection, extension, one row by key.
Measurement opening(Bench& bench) {
  const auto run = [&](std::uint64_t commits) {
    const auto& file = bench.history_file(bench.rows(), commits);
    return time_each(bench, 20, [&](std::uint64_t row) {
      Table table(Kind::vkv, file, bench.settings().extension);
      Query query(table.database(), "SELECT value FROM kv WHERE key = ?1");
      const Key key = Dataset::key(row);
      return query.bind(1, key.view()).run();
    });
  };
  // Keeps the library loaded and its pages mapped.
  TemporaryTable open = bench.empty(Kind::vkv);
  return compare(
      bench.settings().repeat, [&] { return run(kShortHistory); },
      [&] { return run(bench.long_history()); }, /*warm_up=*/1);
}

Sample time_point_gets(const Bench& bench, Table& table) {
  Query query(table.database(), "SELECT value FROM kv WHERE key = ?1");
  Random random(7);
  return time_each(bench, 1'000, [&](std::uint64_t) {
    const Key key = Dataset::key(random.below(100));
    query.bind(1, key.view()).run();
    return 0;
  });
}

// Branches made in one transaction, which is rolled back.
Sample time_branches(const Bench& bench, Table& table) {
  Query query(table.database(), "SELECT vkv_branch('kv', ?1)");
  const Transaction transaction(table.database());
  return time_each(bench, 100, [&](std::uint64_t i) {
    const std::string name = "branch-" + std::to_string(i);
    query.bind(1, name).run();
    return 0;
  });
}

Sample time_checkouts(const Bench& bench, Table& table) {
  Query query(table.database(), "SELECT vkv_checkout('kv', ?1)");
  return time_each(bench, 200, [&](std::uint64_t i) {
    query.bind(1, i % 2 == 0 ? "other" : "main").run();
    return 0;
  });
}

using TimeOperation = Sample (*)(const Bench&, Table&);

TemporaryTable with_other_branch(Bench& bench, std::uint64_t rows) {
  TemporaryTable target = bench.copy(Kind::vkv, rows);
  target.table.database().execute("SELECT vkv_branch('kv', 'other')");
  return target;
}

Measurement against_small_table(Bench& bench, TimeOperation time) {
  TemporaryTable small = with_other_branch(bench, few_rows(bench));
  TemporaryTable large = with_other_branch(bench, bench.rows());
  return compare(
      bench.settings().repeat, [&] { return time(bench, small.table); },
      [&] { return time(bench, large.table); }, /*warm_up=*/1);
}

Measurement against_point_get(Bench& bench, TimeOperation time) {
  TemporaryTable target = with_other_branch(bench, bench.rows());
  return compare(
      bench.settings().repeat, [&] { return time_point_gets(bench, target.table); },
      [&] { return time(bench, target.table); }, /*warm_up=*/1);
}

Measurement older_version(Bench& bench) {
  TemporaryTable target = bench.with_history(bench.rows(), bench.long_history());
  Query query(target.table.database(), "SELECT value FROM vkv_at('kv', ?1) WHERE key = ?2");
  const std::string back =
      "HEAD~" + std::to_string(std::min<std::uint64_t>(500, bench.long_history() / 2));
  const auto run = [&](std::string_view version) {
    Random random(8);
    return time_each(bench, 500, [&](std::uint64_t) {
      const Key key = Dataset::key(random.below(bench.rows()));
      return query.bind(1, version).bind(2, key.view()).run();
    });
  };
  return compare(
      bench.settings().repeat, [&] { return run("HEAD"); }, [&] { return run(back); },
      /*warm_up=*/1);
}

}  // namespace

std::vector<Workload> history_workloads() {
  const auto ratio = [](double value) { return Bar{Bar::Kind::ratio, value}; };
  constexpr double kKiB = 1 << 10;
  return {
      {"growth of the file, one-row commit",
       "",
       Unit::bytes,
       {Bar::Kind::limit, 12 * kKiB},
       growth_of_a_commit},
      {"one-row commit after 10 000 commits", "after 10", Unit::seconds, ratio(1.1),
       commit_after_history},
      {"opening after 10 000 commits", "after 10", Unit::seconds, ratio(1.1), opening},
      {"branch", "a small table", Unit::seconds, ratio(1.2),
       [](Bench& bench) { return against_small_table(bench, time_branches); }},
      {"branch", "point_get", Unit::seconds, ratio(20),
       [](Bench& bench) { return against_point_get(bench, time_branches); }},
      {"checkout", "a small table", Unit::seconds, ratio(1.2),
       [](Bench& bench) { return against_small_table(bench, time_checkouts); }},
      {"checkout", "point_get", Unit::seconds, ratio(20),
       [](Bench& bench) { return against_point_get(bench, time_checkouts); }},
      {"vkv_at HEAD~500, point read", "at HEAD", Unit::seconds, ratio(5), older_version},
  };
}

}  // namespace vkv::bench
