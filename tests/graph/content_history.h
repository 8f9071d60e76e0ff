// Histories of commits with content, and what a naive model says about them.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/tree/mutate.h"
#include "tests/graph/histories.h"
#include "tests/tree/trees.h"

namespace vkv {

// A chain of commits, oldest first, each with all its rows.
struct ContentHistory : History {
  struct Version {
    Hash commit;
    Rows rows;
  };

  std::vector<Version> versions{{root_commit_hash(), {}}};

  const Version& head() const { return versions.back(); }

  void commit_changes(const Changes& changes) {
    Version next = head();
    update(next.rows, changes);
    MapEdits edits(changes);
    const Hash root = apply_edits(repository.nodes(), repository.commit(next.commit).root, edits);
    CommitMetadata metadata;
    metadata.message = std::to_string(versions.size());
    next.commit = repository.create_commit(root, {next.commit}, metadata);
    repository.flush();
    versions.push_back(std::move(next));
  }

  // `rows` rows to begin with, then `commits` commits of up to four changes.
  void commit_at_random(int rows, int commits, unsigned seed) {
    std::mt19937 random(seed);
    Changes all;
    for (int i = 0; i < rows; ++i) all[key(i)] = "first";
    commit_changes(all);
    for (int c = 0; c < commits; ++c) {
      Changes changes;
      for (auto n = random() % 5; n > 0; --n) {
        auto& value = changes[key(static_cast<int>(random() % static_cast<unsigned>(rows + 9)))];
        if (random() % 3 != 0) value = "value " + std::to_string(random() % 2);
      }
      commit_changes(changes);
    }
  }

  static std::string key(int i) { return "key" + std::to_string(100000 + i); }

  static std::optional<std::string> at(const Rows& rows, const std::string& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace vkv
