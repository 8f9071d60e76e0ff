// What the tests of writing to branches work with.
#pragma once

#include <gtest/gtest.h>

#include "core/graph/branch_writer.h"
#include "tests/graph/histories.h"

namespace vkv {

using Keys = std::vector<std::string>;

inline CommitRequest request_on(const Hash& base) {
  CommitRequest request;
  request.branch = "main";
  request.base = base;
  request.metadata = with_message("m");
  return request;
}

inline MergeRequest request_of(const Hash& source) {
  MergeRequest request;
  request.branch = "main";
  request.source = source;
  request.metadata = with_message("m");
  return request;
}

inline WriteResult commit(Repository& repository, const CommitRequest& request,
                          const Changes& changes) {
  MapEdits edits(changes);
  return commit_to_branch(repository, request, edits);
}

class BranchWriterTest : public testing::Test {
 protected:
  WriteResult commit(const Hash& base, const Changes& changes) {
    return vkv::commit(repository_, request_on(base), changes);
  }
  std::optional<Hash> head() { return repository_.refs().head("main"); }
  std::vector<Hash> parents(const Hash& hash) { return repository_.commit(hash).parents; }

  // Everything the store holds but not the repository's queue, which must be empty.
  KVStore::Entries stored() {
    EXPECT_EQ(repository_.chunks().pending(), 0u);
    return history_.memory.items();
  }

  History history_;
  Repository& repository_ = history_.repository;
  const Hash root_ = root_commit_hash();
};

}  // namespace vkv
