#include "tests/kv/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace vkv {

void increment(KVStore& store, std::string_view key) {
  for (;;) {
    const std::optional<Bytes> current = store.get(key);
    const int next = current ? std::stoi(*current) + 1 : 1;
    if (store.cas(key, std::to_string(next), current)) return;
  }
}

void count_together(KVStore& store, int threads, int increments) {
  std::vector<std::thread> workers;
  for (int worker = 0; worker < threads; ++worker) {
    workers.emplace_back([&store, worker, increments] {
      for (int i = 0; i < increments; ++i) {
        increment(store, "shared");
        store.set("own/" + std::to_string(worker) + "/" + std::to_string(i), "");
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(store.get("shared"), std::to_string(threads * increments));
  EXPECT_EQ(store.keys("own/").size(), static_cast<std::size_t>(threads * increments));
}

void read_while_batches_are_written(KVStore& store, int batches) {
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h"};
  const auto write = [&](const std::string& value) {
    std::vector<KVStore::Entry> entries;
    for (const std::string& key : keys) entries.emplace_back(key, value);
    store.set_many(entries);
  };
  write("0");
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const KVStore::Entries entries = store.items();
      ASSERT_EQ(entries.size(), keys.size());
      for (const auto& [key, value] : entries) ASSERT_EQ(value, entries.at("a"));
    }
  });
  for (int batch = 1; batch <= batches; ++batch) write(std::to_string(batch));
  done = true;
  reader.join();
}

}  // namespace vkv
