// Commit: one version, and how it came about. core/FORMAT.md has its byte grammar.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash.h"

namespace vkv {

// What the caller says about a commit; nothing the caller did not give is recorded, so equal
// content on equal parents gives equal hashes.
struct CommitMetadata {
  std::optional<Bytes> message;      // UTF-8
  std::optional<Bytes> author;       // UTF-8
  std::optional<std::int64_t> time;  // milliseconds since 1970 UTC
  std::optional<Bytes> info;         // a JSON object in canonical form: compact, keys sorted

  friend bool operator==(const CommitMetadata&, const CommitMetadata&) = default;
};

struct Commit {
  Hash root;                     // the tree
  std::vector<Hash> parents;     // none, one, or two
  std::uint64_t generation = 0;  // 1 + the parents' largest; 0 without parents
  CommitMetadata metadata;

  friend bool operator==(const Commit&, const Commit&) = default;
};

Bytes encode_commit(const Commit& commit);
// Throws Corruption unless `body` is exactly one commit, Unsupported when it uses something a newer
// version added (merge attributes).
Commit decode_commit(BytesView body);

// The commit every history starts from: the empty tree, no parents, no metadata. Never stored:
// every store knows it.
const Hash& root_commit_hash();

}  // namespace vkv
