#include "core/kv/composite.h"

#include "core/base/hash.h"
#include "core/kv/memory.h"
#include "tests/kv/contract.h"
#include "tests/kv/failing_store.h"
#include "tests/kv/threads.h"

namespace vkv {
namespace {

using Entries = KVStore::Entries;

std::shared_ptr<KVStore> memory() { return std::make_shared<Memory>(); }

bool any_key(std::string_view) { return true; }

// The key of an object of this type.
std::string object(char type) { return type + std::string(sha256("it").view()); }

INSTANTIATE_TEST_SUITE_P(
    Composite, KVStoreContract,
    testing::Values(
        Backend{"one_tier", [] { return std::make_shared<Composite>(Composite::Tiers{memory()}); }},
        Backend{"two_tiers",
                [] {
                  return std::make_shared<Composite>(Composite::Tiers{memory(), memory()});
                }},
        Backend{"three_tiers_that_cache_every_key",
                [] {
                  return std::make_shared<Composite>(Composite::Tiers{memory(), memory(), memory()},
                                                     any_key);
                }}),
    [](const auto& test) { return test.param.name; });

TEST(Composite, NeedsTiers) {
  EXPECT_THROW(Composite({}), InvalidArgument);
  EXPECT_THROW(Composite({memory(), nullptr}), InvalidArgument);
}

TEST(Composite, KnowsContentAddressedKeys) {
  for (const char type : {'n', 'b', 'l'}) {
    const std::string key = object(type);
    EXPECT_TRUE(Composite::is_content_addressed(key)) << type;
    EXPECT_FALSE(Composite::is_content_addressed(key + "x")) << type;
    EXPECT_FALSE(Composite::is_content_addressed(key.substr(0, 32))) << type;
  }
  for (const std::string& key : {std::string(), object('c'), object('h'), std::string("heads/main"),
                                 "heads/" + std::string(27, 'n'), "tags/" + std::string(28, 'b')}) {
    EXPECT_FALSE(Composite::is_content_addressed(key)) << key;
  }
}

class CompositeTest : public testing::Test {
 protected:
  // A tier whose calls are counted and can be made to fail.
  struct Tier {
    Memory memory;
    FailingStore store{memory};
  };

  static std::shared_ptr<KVStore> unowned(Tier& tier) {
    return {std::shared_ptr<void>(), &tier.store};
  }

  Tier fast_, middle_, last_;
  Composite composite_{{unowned(fast_), unowned(middle_), unowned(last_)}};
  const std::string node_ = object('n');
  const std::string blob_ = object('b');
  const std::string ref_ = "heads/main";
};

TEST_F(CompositeTest, ReadsFillFasterTiers) {
  last_.memory.set(node_, "1");
  EXPECT_EQ(composite_.get(node_), "1");
  EXPECT_EQ(fast_.memory.get(node_), "1");
  EXPECT_EQ(middle_.memory.get(node_), "1");

  fast_.memory.clear();
  EXPECT_EQ(composite_.get(node_), "1");
  EXPECT_EQ(last_.store.calls(), 1u);
  EXPECT_EQ(fast_.memory.get(node_), "1");

  EXPECT_EQ(composite_.get(node_), "1");
  EXPECT_EQ(middle_.store.calls(), 3u);  // asked, filled, asked
}

TEST_F(CompositeTest, ReadsOfManyFillFasterTiers) {
  const std::string list = object('l');
  fast_.memory.set(node_, "fast");
  middle_.memory.set(blob_, "middle");
  last_.memory.set(list, "last");
  last_.memory.set(ref_, "ref");
  fast_.memory.set(ref_, "stale");
  const std::string missing = "missing";
  const std::string_view keys[] = {ref_, list, missing, node_, blob_, list};
  EXPECT_EQ(composite_.get_many(keys),
            (Entries{{node_, "fast"}, {blob_, "middle"}, {list, "last"}, {ref_, "ref"}}));
  EXPECT_EQ(fast_.memory.items(),
            (Entries{{node_, "fast"}, {blob_, "middle"}, {list, "last"}, {ref_, "stale"}}));
  EXPECT_EQ(middle_.memory.items(), (Entries{{blob_, "middle"}, {list, "last"}}));
}

TEST_F(CompositeTest, WritesReachEveryTierAndRemovalsToo) {
  const KVStore::Entry batch[] = {{node_, "1"}, {ref_, "2"}};
  composite_.set_many(batch);
  EXPECT_EQ(last_.memory.items(), (Entries{{node_, "1"}, {ref_, "2"}}));
  EXPECT_EQ(middle_.memory.items(), (Entries{{node_, "1"}}));
  EXPECT_EQ(fast_.memory.items(), (Entries{{node_, "1"}}));
  composite_.remove(node_);
  for (Tier* tier : {&fast_, &middle_, &last_}) EXPECT_FALSE(tier->memory.contains(node_));
  composite_.set(blob_, "3");
  composite_.clear();
  for (Tier* tier : {&fast_, &middle_, &last_}) EXPECT_EQ(tier->memory.items(), Entries{});
}

TEST_F(CompositeTest, CachesGetNothingThatTheLastTierRefused) {
  last_.store.fail_from(1);
  EXPECT_THROW(composite_.set(node_, "1"), InjectedFailure);
  EXPECT_THROW(composite_.cas(ref_, "1", std::nullopt), InjectedFailure);
  EXPECT_EQ(fast_.store.calls() + middle_.store.calls(), 0u);
  EXPECT_THROW(composite_.get(ref_), InjectedFailure);
  EXPECT_THROW(composite_.get(node_), InjectedFailure);
  fast_.memory.set(node_, "cached");
  EXPECT_EQ(composite_.get(node_), "cached");
}

TEST_F(CompositeTest, TheLastTierAloneAnswersForAllElse) {
  for (Tier* cache : {&fast_, &middle_}) {
    for (const std::string& key : {ref_, object('c')}) cache->memory.set(key, "stale");
    cache->memory.set(node_, "removed by another process");
  }
  EXPECT_EQ(composite_.get(ref_), std::nullopt);
  EXPECT_EQ(composite_.get(object('c')), std::nullopt);
  EXPECT_FALSE(composite_.contains(ref_));
  EXPECT_FALSE(composite_.contains(node_));
  EXPECT_EQ(composite_.keys(), std::vector<std::string>{});
  EXPECT_EQ(composite_.items(), Entries{});
  EXPECT_FALSE(composite_.cas(ref_, "1", "stale"));
  EXPECT_TRUE(composite_.cas(ref_, "1", std::nullopt));
  EXPECT_EQ(composite_.get(ref_), "1");
  EXPECT_EQ(fast_.store.calls() + middle_.store.calls(), 0u);
}

TEST_F(CompositeTest, PassesOverCachesThatFail) {
  last_.memory.set(node_, "1");
  fast_.store.fail_from(1);
  EXPECT_EQ(composite_.get(node_), "1");
  EXPECT_EQ(middle_.memory.get(node_), "1");
  middle_.store.fail_from(1);
  const std::string_view keys[] = {node_, blob_};
  EXPECT_EQ(composite_.get_many(keys), (Entries{{node_, "1"}}));
  composite_.set(blob_, "2");
  EXPECT_EQ(last_.memory.get(blob_), "2");
  composite_.remove(node_);
  EXPECT_EQ(last_.memory.get(node_), std::nullopt);
  composite_.clear();
  EXPECT_EQ(last_.memory.items(), Entries{});
}

TEST_F(CompositeTest, CachesGetNothingThatMayBeUndone) {
  const auto body = [&] {
    composite_.set(node_, "1");
    EXPECT_EQ(composite_.get(node_), "1");
    throw std::out_of_range("mine");
  };
  EXPECT_THROW(composite_.exclusive(body), std::out_of_range);
  EXPECT_EQ(composite_.get(node_), std::nullopt);
  composite_.exclusive([&] { composite_.set(node_, "2"); });
  EXPECT_EQ(fast_.memory.items(), Entries{});
  EXPECT_EQ(composite_.get(node_), "2");
  EXPECT_EQ(fast_.memory.items(), (Entries{{node_, "2"}}));
}

TEST(Composite, ThreadsCountTogether) {
  Composite composite({memory(), memory()});
  count_together(composite, 4, 200);
}

}  // namespace
}  // namespace vkv
