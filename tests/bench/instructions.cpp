// What instructions.sh counts the instructions of: one operation, many times, inside
// vkv_measured() and nowhere else.
//
//   vkv_instructions environment             what the counts depend on
//   vkv_instructions operations              their names and how often each is run
//   vkv_instructions prepare KIND FILE       loads 10 000 rows
//   vkv_instructions OPERATION KIND FILE     runs it
#include <functional>
#include <iostream>
#include <vector>

#include "tests/bench/bench.h"

// By this name callgrind knows where to count.
extern "C" __attribute__((noinline)) void vkv_measured(const std::function<void()>& operation) {
  operation();
}

namespace vkv::bench {
namespace {

constexpr std::uint64_t kRows = 10'000;

struct Operation {
  std::string_view name;
  std::uint64_t times;
  void (*run)(Bench&, Table&, std::uint64_t times);
};

void point_get(Bench&, Table& table, std::uint64_t times) {
  Query query(table.database(), "SELECT value FROM kv WHERE key = ?1");
  Random random(1);
  for (std::uint64_t i = 0; i < times; ++i) {
    const Key key = Dataset::key(random.below(kRows));
    query.bind(1, key.view());
    while (query.step()) query.text(0);
  }
}

void scan(Bench&, Table& table, std::uint64_t) {
  table.database().integer("SELECT sum(length(value)) FROM kv");
}

void update(Bench& bench, Table& table, std::uint64_t times) {
  Random random(2);
  Transaction transaction(table.database());
  for (std::uint64_t i = 0; i < times; ++i) {
    const std::uint64_t row = random.below(kRows);
    table.update(row, bench.data().value(row, 1));
  }
  transaction.commit();
}

void autocommit_update(Bench& bench, Table& table, std::uint64_t times) {
  Random random(4);
  for (std::uint64_t i = 0; i < times; ++i) {
    const std::uint64_t row = random.below(kRows);
    table.update(row, bench.data().value(row, 1));
  }
}

void one_row_commit(Bench& bench, Table& table, std::uint64_t times) {
  Random random(3);
  for (std::uint64_t i = 0; i < times; ++i) {
    commit_one_row(bench, table, random.below(kRows), times + i);
  }
}

void load(Bench& bench, Table& table, std::uint64_t times) {
  Transaction transaction(table.database());
  table.insert(bench.data(), kRows, kRows + times);
  table.commit();
  transaction.commit();
}

constexpr Operation kOperations[] = {
    {"point_get", 1'000, point_get},        {"scan_row", kRows, scan},
    {"update_staged", 1'000, update},       {"update_autocommit", 1'000, autocommit_update},
    {"one_row_commit", 50, one_row_commit}, {"insert_and_commit_row", 5'000, load},
};

std::string environment() {
  std::string text = "SQLite " + std::string(sqlite3_libversion());
#ifdef __clang__
  text += ", " __VERSION__;
#else
  text += ", g++ " __VERSION__;
#endif
  return text + ", " VKV_BUILD;
}

const Operation& operation_called(std::string_view name) {
  for (const Operation& operation : kOperations) {
    if (operation.name == name) return operation;
  }
  throw std::invalid_argument("no operation '" + std::string(name) + "'");
}

int run(const std::vector<std::string>& arguments) {
  const std::string& command = arguments.at(0);
  if (command == "environment") {
    std::cout << environment() << "\n";
    return 0;
  }
  if (command == "operations") {
    for (const Operation& o : kOperations) std::cout << o.name << " " << o.times << "\n";
    return 0;
  }
  const Kind kind = arguments.at(1) == "vkv" ? Kind::vkv : Kind::plain;
  Bench bench({.rows = kRows, .extension = VKV_EXTENSION, .directory = {}});
  Table table(kind, arguments.at(2), VKV_EXTENSION);
  if (command == "prepare") {
    Transaction transaction(table.database());
    table.insert(bench.data(), 0, kRows);
    table.commit();
    transaction.commit();
    return 0;
  }
  const Operation& operation = operation_called(command);
  // Fills the caches before the count begins.
  table.fingerprint();
  point_get(bench, table, 1'000);
  vkv_measured([&] { operation.run(bench, table, operation.times); });
  return 0;
}

}  // namespace
}  // namespace vkv::bench

int main(int argc, char** argv) {
  try {
    return vkv::bench::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "vkv_instructions: " << error.what() << "\n";
    return 1;
  }
}
