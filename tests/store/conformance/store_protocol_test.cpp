// store-protocol.md, "Store Protocol": the table of methods, on every implementation of Store.
#include "core/kv/disk.h"
#include "tests/kv/temporary_directory.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

struct Implementation {
  std::string name;
  std::function<std::shared_ptr<Store>()> make;

  friend void PrintTo(const Implementation& it, std::ostream* out) { *out << it.name; }
};

std::shared_ptr<Store> staged() { return std::make_shared<Staged>(std::make_shared<Versioned>()); }

std::shared_ptr<Store> staged_on_disk() {
  auto directory = std::make_shared<TemporaryDirectory>();
  auto disk = std::make_shared<Disk>(*directory / "store");
  auto store = std::make_shared<Staged>(std::make_shared<Versioned>(disk));
  // The directory goes after the store.
  return {store.get(), [store, directory](Store*) mutable {
            store.reset();
            directory.reset();
          }};
}

std::shared_ptr<Store> collected() {
  return std::make_shared<Staged>(std::make_shared<GCVersioned>(
      std::make_shared<Memory>(), GCVersionedOptions{.high_water_bytes = 1'000'000}));
}

std::shared_ptr<Store> live() { return std::make_shared<Live>(); }

std::shared_ptr<Store> in_namespace(const std::shared_ptr<Store>& base) {
  auto store = std::make_shared<Namespaced>(*base, "ns");
  return {store.get(), [store, base](Store*) {}};
}

class AnyStore : public testing::TestWithParam<Implementation> {
 protected:
  const std::shared_ptr<Store> store_ = GetParam().make();
};

class VersionedStore : public AnyStore {};

const auto kName = [](const testing::TestParamInfo<Implementation>& info) {
  return info.param.name;
};

const std::vector<Implementation> kVersioned = {
    {"Staged", staged},
    {"StagedOnDisk", staged_on_disk},
    {"StagedWithBudget", collected},
    {"Namespaced", [] { return in_namespace(staged()); }},
};

INSTANTIATE_TEST_SUITE_P(Store, VersionedStore, testing::ValuesIn(kVersioned), kName);
INSTANTIATE_TEST_SUITE_P(Store, AnyStore, testing::ValuesIn([] {
                           std::vector<Implementation> all = kVersioned;
                           all.push_back({"Live", live});
                           all.push_back({"NamespacedLive", [] { return in_namespace(live()); }});
                           return all;
                         }()),
                         kName);

TEST_P(AnyStore, GetAnswersTheValueOrNothing) {
  store_->set("k", "v");
  EXPECT_EQ(store_->get("k"), "v");
  EXPECT_EQ(store_->get("missing"), std::nullopt);
}

TEST_P(AnyStore, GetManyAnswersOnlyExistingKeys) {
  store_->set("a", "1");
  store_->set("b", "2");
  EXPECT_EQ(store_->get_many({"b", "missing", "a"}), (Entries{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(store_->get_many({}), Entries{});
}

TEST_P(AnyStore, KeysAreInMemcmpOrder) {
  for (const char* key : {"b", "\xff", "a", "B", "ab"}) store_->set(key, "");
  EXPECT_EQ(store_->keys(), (Keys{"B", "a", "ab", "b", "\xff"}));
}

TEST_P(AnyStore, VisitKeysStopsWhenTold) {
  for (const char* key : {"a", "p1", "p2", "p3", "q"}) store_->set(key, "");
  Keys visited;
  store_->visit_keys("p", [&](std::string_view key) {
    visited.emplace_back(key);
    return key != "p2";
  });
  EXPECT_EQ(visited, (Keys{"p1", "p2"}));
}

TEST_P(AnyStore, ContainsTellsWhetherTheKeyExists) {
  store_->set("k", "");
  EXPECT_TRUE(store_->contains("k"));
  EXPECT_FALSE(store_->contains("missing"));
}

TEST_P(AnyStore, SetReplacesTheValue) {
  store_->set("k", "1");
  store_->set("k", "2");
  EXPECT_EQ(store_->get("k"), "2");
}

TEST_P(AnyStore, RemoveRemovesTheKey) {
  store_->set("k", "v");
  store_->remove("k");
  store_->remove("missing");
  EXPECT_EQ(store_->get("k"), std::nullopt);
  EXPECT_FALSE(store_->contains("k"));
  EXPECT_EQ(store_->keys(), Keys{});
}

TEST_P(AnyStore, AnyBytesAreAValueAndAKey) {
  const Bytes bytes("\0\xff'\n", 4);
  store_->set(bytes, bytes);
  store_->set("large", Bytes(300'000, 'x'));
  EXPECT_EQ(store_->get(bytes), bytes);
  EXPECT_EQ(store_->get("large"), Bytes(300'000, 'x'));
}

TEST_P(VersionedStore, CommitFlushesChangesToStorage) {
  store_->set("k", "v");
  const MergeResult result = store_->commit();
  EXPECT_TRUE(result);
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(result.commit, store_->current_commit());
  EXPECT_EQ(store_->checkout(*result.commit)->keys().size(), 1U);
}

TEST_P(VersionedStore, CommitTakesOptions) {
  store_->set("k", "v");
  EXPECT_THROW(store_->commit({.on_conflict = OnConflict::ours}), InvalidArgument);
  EXPECT_TRUE(store_->commit({.info = "{}", .message = "m", .author = "a", .time = 1}));
}

TEST_P(VersionedStore, ResetDiscardsPendingChanges) {
  store_->set("k", "v");
  store_->commit();
  store_->set("k", "w");
  store_->set("l", "w");
  store_->reset();
  EXPECT_EQ(store_->get("k"), "v");
  EXPECT_EQ(store_->keys(), Keys{"k"});
}

TEST_P(VersionedStore, CreateBranchForksTheCurrentCommit) {
  store_->set("k", "v");
  store_->commit();
  const std::unique_ptr<Store> dev = store_->create_branch("dev");
  EXPECT_EQ(dev->current_commit(), store_->current_commit());
  dev->set("x", "y");
  dev->commit();
  EXPECT_EQ(store_->keys(), Keys{"k"});
}

TEST_P(VersionedStore, CheckoutOpensACommitOrNothing) {
  store_->set("k", "1");
  const std::string first = *store_->commit().commit;
  store_->set("k", "2");
  store_->commit();
  const std::unique_ptr<Store> old = store_->checkout(first);
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->current_commit(), first);
  EXPECT_EQ(store_->checkout(kUnknownCommit), nullptr);
  EXPECT_EQ(store_->checkout("main"), nullptr);
  EXPECT_EQ(store_->checkout(first.substr(0, 10)), nullptr);
}

TEST_P(VersionedStore, ListBranchesListsAllNamesInOrder) {
  EXPECT_EQ(store_->list_branches(), Keys{});
  store_->set("k", "1");
  store_->commit();
  store_->create_branch("z");
  store_->create_branch("a");
  EXPECT_EQ(store_->list_branches(), (Keys{"a", "main", "z"}));
}

}  // namespace
}  // namespace vkv
