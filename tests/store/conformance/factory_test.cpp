// store-protocol.md, "Factory", and what engine.md says of it.
#include "core/store/factory.h"

#include "tests/kv/temporary_directory.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

Versioned& versioned_of(Store& store) { return dynamic_cast<Staged&>(store).versioned(); }
GCVersioned& collected_of(Store& store) { return dynamic_cast<GCVersioned&>(versioned_of(store)); }

TEST(Factory, DefaultIsStagedInMemoryOnMain) {
  const std::unique_ptr<Store> s = store();
  s->set("k", "v");
  EXPECT_TRUE(s->commit());
  EXPECT_EQ(versioned_of(*s).current_branch(), "main");
  EXPECT_EQ(dynamic_cast<GCVersioned*>(&versioned_of(*s)), nullptr);
}

TEST(Factory, EachCallMakesAStoreOfItsOwn) {
  store()->set("k", "v");
  EXPECT_EQ(store()->get("k"), std::nullopt);
}

TEST(Factory, LiveWritesAtOnceAndHasNoVersions) {
  const std::unique_ptr<Store> s = store({.type = StoreType::live});
  s->set("k", "v");
  EXPECT_EQ(s->get("k"), "v");
  EXPECT_THROW(s->commit(), Unsupported);
}

TEST(Factory, DiskPersists) {
  const TemporaryDirectory directory;
  {
    const auto s = store({.storage = Storage::disk, .path = directory / "db"});
    s->set("k", "v");
    s->commit();
  }
  EXPECT_EQ(store({.storage = Storage::disk, .path = directory / "db"})->get("k"), "v");
}

TEST(Factory, LiveDiskPersists) {
  const TemporaryDirectory directory;
  const StoreOptions options{
      .type = StoreType::live, .storage = Storage::disk, .path = directory / "db"};
  store(options)->set("k", "v");
  EXPECT_EQ(store(options)->get("k"), "v");
}

TEST(Factory, RefusesAFileOfTheOtherType) {
  const TemporaryDirectory directory;
  const StoreOptions live{
      .type = StoreType::live, .storage = Storage::disk, .path = directory / "live"};
  const StoreOptions versioned{.storage = Storage::disk, .path = directory / "versioned"};
  store(live)->set("k", "v");
  store(versioned)->commit();
  EXPECT_THROW(store({.storage = Storage::disk, .path = directory / "live"}), Unsupported);
  EXPECT_THROW(
      store({.type = StoreType::live, .storage = Storage::disk, .path = directory / "versioned"}),
      Unsupported);
  EXPECT_EQ(store(live)->get("k"), "v");
}

TEST(Factory, BranchIsTheNameOfTheBranch) {
  const std::unique_ptr<Store> s = store({.branch = "dev"});
  s->set("k", "v");
  s->commit();
  EXPECT_EQ(s->list_branches(), Keys{"dev"});
}

TEST(Factory, HighWaterBytesEnablesCollection) {
  const std::unique_ptr<Store> s = store({.high_water_bytes = 10'000});
  EXPECT_EQ(collected_of(*s).high_water(), 10'000);
  EXPECT_EQ(collected_of(*s).low_water(), 8'000);
}

TEST(Factory, LowWaterBytesIsTheLowWater) {
  const auto s = store({.high_water_bytes = 10'000, .low_water_bytes = 5'000});
  EXPECT_EQ(collected_of(*s).low_water(), 5'000);
}

TEST(Factory, RefusesADiskWithoutAPath) {
  EXPECT_THROW(store({.storage = Storage::disk}), InvalidArgument);
}

// What a call asks for and would not get is refused, and the message names the option.
void expect_refused(const StoreOptions& options, const std::string& option) {
  try {
    store(options);
    ADD_FAILURE() << option << " was ignored";
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string_view(error.what()).find(option), std::string_view::npos) << error.what();
  }
}

TEST(Factory, RefusesAPathInMemory) {
  expect_refused({.path = "db"}, "path");
  expect_refused({.type = StoreType::live, .storage = Storage::memory, .path = "db"}, "path");
}

TEST(Factory, RefusesABranchOfALiveStore) {
  expect_refused({.type = StoreType::live, .branch = "dev"}, "branch");
  EXPECT_NE(store({.type = StoreType::live, .branch = "main"}), nullptr);
}

TEST(Factory, RefusesABudgetForALiveStore) {
  EXPECT_THROW(store({.type = StoreType::live, .high_water_bytes = 1}), InvalidArgument);
  EXPECT_THROW(store({.type = StoreType::live, .low_water_bytes = 1}), InvalidArgument);
}

TEST(Factory, RefusesALowWaterWithoutAHighOne) {
  EXPECT_THROW(store({.low_water_bytes = 1}), InvalidArgument);
}

TEST(Factory, RefusesAHighWaterNotAboveZero) {
  EXPECT_THROW(store({.high_water_bytes = 0}), InvalidArgument);
  EXPECT_THROW(store({.high_water_bytes = -1}), InvalidArgument);
}

TEST(Factory, RefusesUnknownKinds) {
  EXPECT_THROW(store({.type = static_cast<StoreType>(7)}), InvalidArgument);
  EXPECT_THROW(store({.storage = static_cast<Storage>(7)}), InvalidArgument);
}

TEST(Factory, RefusesABadBranchName) { EXPECT_THROW(store({.branch = "a..b"}), InvalidArgument); }

}  // namespace
}  // namespace vkv
