// What several processes on one file must see.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "core/base/error.h"
#include "core/kv/disk.h"
#include "tests/kv/processes.h"
#include "tests/kv/temporary_directory.h"
#include "tests/kv/threads.h"

namespace vkv {
namespace {

class DiskProcessTest : public testing::Test {
 protected:
  const TemporaryDirectory directory_;
  const std::filesystem::path path_ = directory_ / "store.db";
};

TEST_F(DiskProcessTest, ProcessesCountTogether) {
  constexpr int kProcesses = 4;
  constexpr int kIncrements = 50;
  run_processes(kProcesses, [&](int) {
    Disk disk(path_, std::chrono::seconds(60));
    for (int i = 0; i < kIncrements; ++i) increment(disk, "shared");
  });
  EXPECT_EQ(Disk(path_).get("shared"), std::to_string(kProcesses * kIncrements));
}

TEST_F(DiskProcessTest, ProcessesAddUpInExclusiveSections) {
  constexpr int kProcesses = 4;
  constexpr int kIncrements = 25;
  run_processes(kProcesses, [&](int) {
    Disk disk(path_, std::chrono::seconds(60));
    for (int i = 0; i < kIncrements; ++i) {
      disk.exclusive([&] {
        disk.set("shared", std::to_string(std::stoi(disk.get("shared").value_or("0")) + 1));
      });
    }
  });
  EXPECT_EQ(Disk(path_).get("shared"), std::to_string(kProcesses * kIncrements));
}

TEST_F(DiskProcessTest, ManyMayCreateItAtOnce) {
  for (int round = 0; round < 5; ++round) {
    const std::filesystem::path path = directory_ / std::to_string(round).c_str();
    run_processes(8, [&](int i) { Disk(path).set(std::to_string(i), ""); });
    EXPECT_EQ(Disk(path).keys().size(), 8u);
  }
}

// The writer tells of every batch it has been told is written; then it is killed.
TEST_F(DiskProcessTest, WhatWasAcknowledgedSurvivesAKill) {
  const std::string keys[] = {"a", "b", "c", "d"};
  for (int round = 0; round < 5; ++round) {
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    const int writer = start_process([&] {
      Disk disk(path_);
      for (unsigned char batch = 0;; ++batch) {
        const std::string value(1000, static_cast<char>(batch));
        std::vector<KVStore::Entry> entries;
        for (const std::string& key : keys) entries.emplace_back(key, value);
        disk.set_many(entries);
        if (write(acknowledged[1], &batch, 1) != 1) return;
      }
    });
    close(acknowledged[1]);
    unsigned char latest = 0;
    for (int i = 0; i < 10 + round; ++i) ASSERT_EQ(read(acknowledged[0], &latest, 1), 1);
    kill(writer, SIGKILL);
    EXPECT_FALSE(succeeds(writer));
    while (read(acknowledged[0], &latest, 1) == 1) {
    }
    close(acknowledged[0]);

    const KVStore::Entries entries = Disk(path_).items();
    ASSERT_EQ(entries.size(), std::size(keys));
    const Bytes& value = entries.at("a");
    EXPECT_THAT(static_cast<unsigned char>(value[0]),
                testing::AnyOf(latest, static_cast<unsigned char>(latest + 1)));
    for (const auto& entry : entries) EXPECT_EQ(entry.second, value);
  }
}

// As a user whom permissions bind.
TEST_F(DiskProcessTest, RefusesAFileItMayNotWrite) {
  Disk(path_).set("a", "1");
  using std::filesystem::perms;
  std::filesystem::permissions(directory_.path(), perms(0555));
  std::filesystem::permissions(path_, perms(0444));
  const auto refusal = [](const std::filesystem::path& path) -> std::string {
    try {
      const Disk disk(path);
    } catch (const StorageError& error) {
      return error.what();
    }
    return "";
  };
  run_processes(1, [&](int) {
    constexpr unsigned kNobody = 65534;
    if (geteuid() == 0) {
      ASSERT_EQ(seteuid(kNobody), 0);
    }
    EXPECT_EQ(refusal(path_), path_.native() + ": cannot be written");
    EXPECT_THAT(refusal(directory_ / "new.db"), testing::HasSubstr("no file can be created there"));
  });
  std::filesystem::permissions(directory_.path(), perms(0755));
  std::filesystem::permissions(path_, perms(0644));
  EXPECT_EQ(Disk(path_).get("a"), "1");
}

}  // namespace
}  // namespace vkv
