// The model test: random runs, stored runs, and defects it must find.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/model/driver.h"

namespace vkv::model {
namespace {

constexpr std::size_t kRecordsPerRun = 1000;

std::filesystem::path scratch_directory() {
  return std::filesystem::path(testing::TempDir()) / ("vkv_model_" + std::to_string(getpid()));
}

Result replay(const Script& script) { return run_both(script, scratch_directory()); }

// The divergence of the smallest run that still shows one, with the run as a corpus file.
std::string report(const Script& script) {
  const Script small =
      shrink(script, [](const Script& r) { return !replay(r).divergence.empty(); });
  const Result result = replay(small);
  return result.divergence + "\nto be kept as a file in tests/model/corpus:\n" +
         to_text(small, result.statements);
}

// 1, or what the environment variable VKV_MODEL_SEED says, to search further.
std::uint64_t first_seed() {
  const char* seed = std::getenv("VKV_MODEL_SEED");
  return seed == nullptr ? 1 : std::stoull(seed);
}

TEST(Model, RandomRuns) {
  std::size_t operations = 0;
  for (std::uint64_t seed = first_seed(); operations < VKV_MODEL_OPERATIONS; ++seed) {
    const Script script = random_script(seed, kRecordsPerRun);
    const Result result = replay(script);
    ASSERT_EQ(result.divergence, "") << "seed " << seed << "\n" << report(script);
    operations += result.operations;
  }
  std::cout << operations << " operations" << std::endl;
}

TEST(Model, StoredRuns) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(VKV_MODEL_CORPUS)) {
    const Result result = replay(read_script(file.path()));
    EXPECT_EQ(result.divergence, "") << file.path();
    ++files;
  }
  EXPECT_GT(files, 0u);
}

class PlantedDefect : public testing::TestWithParam<Defect> {};

TEST_P(PlantedDefect, IsFoundAndShrunk) {
  const auto fails = [&](const Script& script) {
    return !run_both(script, scratch_directory(), GetParam()).divergence.empty();
  };
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Script script = random_script(seed, kRecordsPerRun);
    if (!fails(script)) continue;
    EXPECT_LE(shrink(script, fails).records.size(), 8u);
    return;
  }
  FAIL() << "not found";
}

INSTANTIATE_TEST_SUITE_P(All, PlantedDefect,
                         testing::Values(Defect::rollback_to_forgets_a_row,
                                         Defect::reset_leaves_a_row, Defect::merge_loses_a_row,
                                         Defect::workspace_loses_a_row,
                                         Defect::namespace_reaches_beyond,
                                         Defect::branch_view_loses_a_row));

TEST(Script, IsStoredAsText) {
  const Script script = random_script(7, 20);
  const auto file = scratch_directory().string() + ".run";
  std::ofstream(file) << to_text(script, {"a comment"});
  const Script read = read_script(file);
  std::filesystem::remove(file);
  EXPECT_EQ(read.configuration, script.configuration);
  EXPECT_EQ(read.records, script.records);
}

TEST(Script, ShrinksToWhatFails) {
  const Script script = random_script(3, 500);
  const auto has = [](const Script& r, Kind kind) {
    return std::any_of(r.records.begin(), r.records.end(), [&](const Record& record) {
      return record[0] == static_cast<std::uint8_t>(kind);
    });
  };
  const Script small = shrink(
      script, [&](const Script& r) { return has(r, Kind::merge) && has(r, Kind::savepoint); });
  EXPECT_EQ(small.records.size(), 2u);
}

}  // namespace
}  // namespace vkv::model
