// Micro-benchmarks of the tree, in memory. Arguments are rows.
#include <benchmark/benchmark.h>

#include "core/tree/cursor.h"
#include "tests/bench/core_rows.h"

namespace vkv::bench {
namespace {

void per_row(benchmark::State& state, std::int64_t rows) {
  state.SetItemsProcessed(state.iterations() * rows);
}

void sha256_4k(benchmark::State& state) {
  const Bytes bytes(4096, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(sha256(bytes));
  state.SetBytesProcessed(state.iterations() * 4096);
}
BENCHMARK(sha256_4k);

// A leaf, copied as a store hands it out.
void node_decode(benchmark::State& state) {
  CoreTree tree(loaded_rows(1'000));
  NodePtr node = tree.nodes.get(tree.root);
  while (!node->is_leaf()) node = tree.nodes.child(*node, 0);
  const Bytes body(node->body());
  for (auto _ : state) benchmark::DoNotOptimize(Node::decode(body));
  per_row(state, static_cast<std::int64_t>(node->size()));
}
BENCHMARK(node_decode);

// Into a store that is thrown away: nodes are built and hashed, not written.
void bulk_build(benchmark::State& state) {
  const auto rows = loaded_rows(static_cast<std::uint64_t>(state.range(0)));
  CoreTree tree({});
  for (auto _ : state) {
    RowEdits edits(rows);
    benchmark::DoNotOptimize(apply_edits(tree.nodes, empty_root(), edits));
    tree.chunks.discard();
  }
  per_row(state, state.range(0));
}
BENCHMARK(bulk_build)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void find(benchmark::State& state) {
  const auto rows = loaded_rows(static_cast<std::uint64_t>(state.range(0)));
  CoreTree tree(rows);
  Cursor cursor(tree.nodes, tree.root);
  Random random(1);
  std::size_t found = 0;
  for (auto _ : state) found += cursor.find(rows[random.below(rows.size())].key);
  if (found != static_cast<std::size_t>(state.iterations()))
    state.SkipWithError("a row is missing");
}
BENCHMARK(find)->Arg(10'000)->Arg(100'000);

void scan(benchmark::State& state) {
  CoreTree tree(loaded_rows(static_cast<std::uint64_t>(state.range(0))));
  for (auto _ : state) {
    std::int64_t rows = 0;
    Cursor cursor(tree.nodes, tree.root);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) {
      benchmark::DoNotOptimize(cursor.key());
      benchmark::DoNotOptimize(cursor.value());
      ++rows;
    }
    if (rows != state.range(0)) state.SkipWithError("a row is missing");
  }
  per_row(state, state.range(0));
}
BENCHMARK(scan)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

// Ten changed rows, far apart.
void update_10(benchmark::State& state) {
  const auto rows = loaded_rows(static_cast<std::uint64_t>(state.range(0)));
  CoreTree tree(rows);
  const auto changes = changed_rows(rows, 0, rows.size() / 10);
  for (auto _ : state) {
    RowEdits edits(changes);
    benchmark::DoNotOptimize(apply_edits(tree.nodes, tree.root, edits));
    tree.chunks.discard();
  }
}
BENCHMARK(update_10)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace vkv::bench
