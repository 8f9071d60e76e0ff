// Histories to test with: a repository in memory.
#pragma once

#include <string>
#include <vector>

#include "core/graph/repository.h"
#include "core/kv/memory.h"
#include "core/tree/cursor.h"
#include "core/tree/mutate.h"
#include "tests/tree/trees.h"

namespace vkv {

inline CommitMetadata with_message(std::string message) {
  CommitMetadata metadata;
  metadata.message = std::move(message);
  return metadata;
}

struct History {
  // A commit, written to the store. Its message keeps it apart from others.
  Hash commit(std::vector<Hash> parents, const std::string& message, const Rows& content = {}) {
    MapEdits edits(content);
    const Hash root = apply_edits(repository.nodes(), empty_root(), edits);
    const Hash hash = repository.create_commit(root, std::move(parents), with_message(message));
    repository.flush();
    return hash;
  }

  // `length` commits on top of `start`, oldest first.
  std::vector<Hash> chain(Hash start, std::size_t length, const std::string& name = "chain") {
    std::vector<Hash> commits;
    for (std::size_t i = 0; i < length; ++i) {
      commits.push_back(start = commit({start}, name + std::to_string(i)));
    }
    return commits;
  }

  // What a commit, or a tree, holds. Values kept outside the leaves come as their payload.
  Rows rows(const Hash& commit) { return rows_of_tree(repository.commit(commit).root); }
  Rows rows_of_tree(const Hash& root) {
    Rows rows;
    Cursor cursor(repository.nodes(), root);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) {
      rows.emplace_hint(rows.end(), cursor.key(), cursor.value().payload);
    }
    return rows;
  }

  std::int64_t now = 1'700'000'000'000;
  Memory memory;
  NodeCache cache{std::size_t{16} << 20};
  Repository repository{memory, cache, {.clock = [this] { return now; }}};
};

}  // namespace vkv
