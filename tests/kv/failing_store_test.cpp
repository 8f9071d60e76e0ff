#include "tests/kv/failing_store.h"

#include "core/kv/memory.h"
#include "tests/kv/contract.h"

namespace vkv {
namespace {

struct Owned {
  Memory beneath;
  FailingStore store{beneath};
};

INSTANTIATE_TEST_SUITE_P(FailingStore, KVStoreContract,
                         testing::Values(Backend{"failing", [] {
                                                   const auto owned = std::make_shared<Owned>();
                                                   return std::shared_ptr<KVStore>(owned,
                                                                                   &owned->store);
                                                 }}));

class FailingStoreTest : public testing::Test {
 protected:
  // Whether each of the next calls fails.
  std::vector<bool> failures(int calls) {
    std::vector<bool> failed;
    for (int i = 0; i < calls; ++i) {
      try {
        store_.set("a", "1");
        failed.push_back(false);
      } catch (const InjectedFailure&) {
        failed.push_back(true);
      }
    }
    return failed;
  }

  Memory beneath_;
  FailingStore store_{beneath_};
};

TEST_F(FailingStoreTest, FailsTheCallItWasToldTo) {
  store_.fail_at(2);
  EXPECT_EQ(failures(4), (std::vector{false, true, false, false}));
  store_.fail_at(1);
  EXPECT_EQ(failures(2), (std::vector{true, false}));
  EXPECT_EQ(store_.calls(), 6u);
}

TEST_F(FailingStoreTest, FailsUntilItIsRepaired) {
  store_.fail_from(2);
  EXPECT_EQ(failures(3), (std::vector{false, true, true}));
  store_.repair();
  EXPECT_EQ(failures(2), (std::vector{false, false}));
}

TEST_F(FailingStoreTest, CountsEveryMethodOnceAndChangesNothingWhenItFails) {
  const std::string_view keys[] = {"a"};
  const std::function<void()> calls[] = {
      [&] { store_.get("a"); },       [&] { store_.contains("a"); },
      [&] { store_.get_many(keys); }, [&] { store_.set("a", "2"); },
      [&] { store_.remove("a"); },    [&] { store_.cas("a", "2", "1"); },
      [&] { store_.keys(); },         [&] { store_.items(); },
      [&] { store_.clear(); },        [&] { store_.exclusive([&] { beneath_.set("a", "2"); }); },
  };
  beneath_.set("a", "1");
  for (const auto& call : calls) {
    store_.fail_at(1);
    EXPECT_THROW(call(), InjectedFailure);
    EXPECT_EQ(beneath_.items(), (KVStore::Entries{{"a", "1"}}));
  }
  EXPECT_EQ(store_.calls(), std::size(calls));
  for (const auto& call : calls) call();
  EXPECT_EQ(store_.calls(), 2 * std::size(calls));
}

}  // namespace
}  // namespace vkv
