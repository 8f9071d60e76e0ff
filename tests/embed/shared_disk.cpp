// A file shared by two processes, each with staged changes of its own, which count up together.
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "core/store/factory.h"
#include "core/store/staged.h"

namespace {

constexpr int kCommits = 100;
constexpr std::size_t kHashSize = 64;

// Tells the other process that this one is as far, and waits until that one is.
void meet(int other) {
  char byte = 0;
  if (::write(other, &byte, 1) != 1 || ::read(other, &byte, 1) != 1) std::abort();
}

void stage(vkv::Store& store, const std::string& key) {
  const auto hits = store.get("hits");
  store.set("hits", vkv::counter().encode(hits ? vkv::counter().decode(*hits) + 1 : 1));
  store.set(key, "");
}

// The commits that were acknowledged. The first of both processes start from the same commit, so
// that one of them has to merge.
std::vector<std::string> write(const char* path, const std::string& name, int other) {
  const auto store = vkv::store({.storage = vkv::Storage::disk, .path = path});
  store->set_content_type("hits", vkv::counter());
  std::vector<std::string> commits;
  for (int i = 0; i < kCommits; ++i) {
    const std::string key = name + std::to_string(i);
    stage(*store, key);
    if (i == 0) meet(other);
    while (commits.size() == static_cast<std::size_t>(i)) {
      try {
        commits.push_back(*store->commit({.author = name}).commit);
      } catch (const vkv::NoCommonAncestor&) {
        // The branch was started afresh: the change is to be made again from its new head.
        dynamic_cast<vkv::Staged&>(*store).refresh();
        stage(*store, key);
      } catch (const vkv::ConcurrencyError&) {
        // What is staged is still staged.
      }
    }
  }
  return commits;
}

void send(int other, const std::vector<std::string>& commits) {
  for (const std::string& commit : commits) {
    if (::write(other, commit.data(), commit.size()) != ssize_t{kHashSize}) std::abort();
  }
}

std::vector<std::string> receive(int other) {
  std::vector<std::string> commits;
  std::string commit(kHashSize, '\0');
  while (::recv(other, commit.data(), commit.size(), MSG_WAITALL) == ssize_t{kHashSize}) {
    commits.push_back(commit);
  }
  return commits;
}

void report(const char* path, const std::vector<std::string>& acknowledged) {
  const auto store = vkv::store({.storage = vkv::Storage::disk, .path = path});
  std::vector<std::string> history;
  bool merged = false;
  for (const vkv::HistoryEntry& entry :
       dynamic_cast<vkv::Staged&>(*store).versioned().history({.all_parents = true})) {
    history.push_back(entry.commit);
    merged |= entry.parents.size() == 2;
  }
  const auto in_history_once = std::ranges::count_if(acknowledged, [&](const std::string& commit) {
    return std::ranges::count(history, commit) == 1;
  });
  std::cout << store->keys().size() << " keys, " << vkv::counter().decode(*store->get("hits"))
            << " hits, " << in_history_once << " of " << acknowledged.size()
            << " commits in history once, " << (merged ? "merged" : "never merged");
}

}  // namespace

int main(int, char** arguments) {
  const char* path = arguments[1];
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
  const pid_t child = fork();
  close(ends[child == 0 ? 0 : 1]);
  if (child == 0) {
    send(ends[1], write(path, "child", ends[1]));
    return 0;
  }
  std::vector<std::string> commits = write(path, "parent", ends[0]);
  const std::vector<std::string> others = receive(ends[0]);
  commits.insert(commits.end(), others.begin(), others.end());
  int status = 0;
  waitpid(child, &status, 0);
  report(path, commits);
  std::cout << ", child " << status << '\n';
}
