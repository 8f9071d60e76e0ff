// Many writers on one store, in threads and in processes: what was acknowledged is there, once.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "core/kv/disk.h"
#include "core/kv/memory.h"
#include "core/store/staged.h"
#include "tests/kv/processes.h"
#include "tests/kv/temporary_directory.h"

namespace vkv {
namespace {

using Commits = std::vector<std::string>;

// Commits until no other writer is faster.
MergeResult commit_with_retry(Versioned& v, const Updates& updates) {
  for (;;) {
    try {
      return v.commit(updates);
    } catch (const NoCommonAncestor&) {
      throw;
    } catch (const ConcurrencyError&) {
      // The changes are still relative to this writer's commit: they merge into the new head.
    }
  }
}

std::string key_of(int writer, int i) {
  return "writer" + std::to_string(writer) + "/" + std::to_string(i);
}

// One writer's commits of unique keys; the hashes that were acknowledged.
Commits write_unique_keys(const std::shared_ptr<KVStore>& kv, int writer, int commits) {
  Versioned v(kv);
  Commits acknowledged;
  for (int i = 0; i < commits; ++i) {
    acknowledged.push_back(*commit_with_retry(v, {{key_of(writer, i), "value"}}).commit);
  }
  return acknowledged;
}

void expect_all_there(const std::shared_ptr<KVStore>& kv, const std::vector<Commits>& acknowledged,
                      int commits) {
  Versioned v(kv);
  std::map<std::string, int> times_in_history;
  for (const HistoryEntry& entry : v.history({.all_parents = true})) {
    ++times_in_history[entry.commit];
  }
  std::set<std::string> distinct;
  for (const Commits& of_writer : acknowledged) {
    ASSERT_EQ(of_writer.size(), static_cast<std::size_t>(commits));
    for (const std::string& commit : of_writer) {
      EXPECT_EQ(times_in_history[commit], 1);
      distinct.insert(commit);
    }
  }
  EXPECT_EQ(distinct.size(), acknowledged.size() * static_cast<std::size_t>(commits));
  std::set<std::string> missing;
  for (int writer = 0; writer < static_cast<int>(acknowledged.size()); ++writer) {
    for (int i = 0; i < commits; ++i) {
      if (!v.contains(key_of(writer, i))) missing.insert(key_of(writer, i));
    }
  }
  EXPECT_EQ(missing, std::set<std::string>{});
  EXPECT_EQ(v.keys().size(), distinct.size());
}

// One writer's increments of one key.
void count_up(const std::shared_ptr<KVStore>& kv, int increments) {
  Versioned v(kv);
  const auto type = counter();
  v.set_content_type("count", type);
  for (int i = 0; i < increments; ++i) {
    const std::optional<Bytes> now = v.get("count");
    commit_with_retry(v, {{"count", type.encode((now ? type.decode(*now) : 0) + 1)}});
  }
}

std::int64_t count_in(const std::shared_ptr<KVStore>& kv) {
  return counter().decode(*Versioned(kv).get("count"));
}

void run_threads(int count, const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
  for (std::thread& thread : threads) thread.join();
}

TEST(Concurrency, EightThreadsOnOneMemoryStore) {
  const auto kv = std::make_shared<Memory>();
  std::vector<Commits> acknowledged(8);
  run_threads(8, [&](int writer) {
    acknowledged[static_cast<std::size_t>(writer)] = write_unique_keys(kv, writer, 1000);
  });
  expect_all_there(kv, acknowledged, 1000);
}

TEST(Concurrency, FourProcessesOnOneDiskStore) {
  const TemporaryDirectory directory;
  const auto log = [&](int writer) { return directory.path() / ("log" + std::to_string(writer)); };
  run_processes(4, [&](int writer) {
    std::ofstream out(log(writer));
    for (const std::string& commit :
         write_unique_keys(std::make_shared<Disk>(directory / "store"), writer, 1000)) {
      out << commit << '\n';
    }
  });
  std::vector<Commits> acknowledged(4);
  for (int writer = 0; writer < 4; ++writer) {
    std::ifstream in(log(writer));
    for (std::string line; std::getline(in, line);) {
      acknowledged[static_cast<std::size_t>(writer)].push_back(line);
    }
  }
  expect_all_there(std::make_shared<Disk>(directory / "store"), acknowledged, 1000);
}

TEST(Concurrency, FourThreadsCountUpTogether) {
  const auto kv = std::make_shared<Memory>();
  run_threads(4, [&](int) { count_up(kv, 1000); });
  EXPECT_EQ(count_in(kv), 4000);
}

TEST(Concurrency, FourProcessesCountUpTogether) {
  const TemporaryDirectory directory;
  run_processes(4, [&](int) { count_up(std::make_shared<Disk>(directory / "store"), 1000); });
  EXPECT_EQ(count_in(std::make_shared<Disk>(directory / "store")), 4000);
}

}  // namespace
}  // namespace vkv
