// Repository: the objects and refs of one store, and the caches to read them through.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "core/graph/commit.h"
#include "core/graph/refs.h"
#include "core/tree/node_store.h"

namespace vkv {

struct RepositoryOptions {
  // See ChunkStore: how much may be pending before it is written out.
  std::size_t batch_bytes = std::numeric_limits<std::size_t>::max();
  // Birth time of new commits, milliseconds since 1970 UTC: stored beside the commit, never hashed.
  std::function<std::int64_t()> clock;  // default: the system clock
};

// Not thread-safe; several on one KVStore are independent writers. kv and cache must outlive it.
class Repository {
 public:
  Repository(KVStore& kv, NodeCache& cache, RepositoryOptions options = {});
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  // The commit; Corruption when missing or damaged.
  Commit commit(const Hash& hash);
  // The same; read no second time when it is the one created or recalled last, whatever has become
  // of what is stored.
  const Commit& recall(const Hash& hash);
  // The commit, absent when there is no such commit.
  std::optional<Commit> find_commit(const Hash& hash);
  bool has_commit(const Hash& hash);
  // Hashes of commits, queued ones not included, whose hex starts with `digits` (at most 64 hex
  // digits, either case), ascending; at most `limit`. Throws InvalidArgument when they are no hex
  // digits.
  std::vector<Hash> commits_with_prefix(std::string_view digits, std::size_t limit);

  // Queues a new commit of `root` on `parents` (their generations are looked up). Throws
  // InvalidArgument for over two parents, or a message or author that is not UTF-8.
  Hash create_commit(const Hash& root, std::vector<Hash> parents, CommitMetadata metadata);
  // Writes what is queued in one batch; discard() forgets it.
  void flush() { chunks_.flush(); }
  void discard() { chunks_.discard(); }

  ChunkStore& chunks() { return chunks_; }
  NodeStore& nodes() { return nodes_; }
  Refs& refs() { return refs_; }

 private:
  ChunkStore chunks_;
  NodeStore nodes_;
  Refs refs_;
  std::function<std::int64_t()> clock_;
  std::optional<std::pair<Hash, Commit>> recalled_;
};

}  // namespace vkv
