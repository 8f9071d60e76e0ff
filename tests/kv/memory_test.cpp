#include "core/kv/memory.h"

#include <thread>

#include "tests/kv/contract.h"
#include "tests/kv/threads.h"

namespace vkv {
namespace {

INSTANTIATE_TEST_SUITE_P(Memory, KVStoreContract,
                         testing::Values(Backend{"memory",
                                                 [] { return std::make_shared<Memory>(); }}));

TEST(Memory, ShowsItsMap) {
  Memory store;
  store.set("a", "1");
  EXPECT_EQ(store.memory().size(), 1u);
  EXPECT_EQ(store.memory().find("a")->second, "1");
}

TEST(Memory, ThreadsCountTogether) {
  Memory store;
  count_together(store, 4, 500);
}

TEST(Memory, ThreadsSeeWholeBatches) {
  Memory store;
  read_while_batches_are_written(store, 500);
}

TEST(Memory, ExclusiveKeepsOtherThreadsOut) {
  Memory store;
  store.set("a", "1");
  std::thread writer;
  store.exclusive([&] {
    writer = std::thread([&] { store.set("a", "other"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(store.get("a"), "1");
    store.set("a", "2");
  });
  writer.join();
  EXPECT_EQ(store.get("a"), "other");
}

}  // namespace
}  // namespace vkv
