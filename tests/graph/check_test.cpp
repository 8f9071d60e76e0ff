#include "core/graph/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/graph/branch_writer.h"
#include "core/tree/node_builder.h"
#include "core/tree/value.h"
#include "tests/graph/cas_only_store.h"
#include "tests/graph/histories.h"

namespace vkv {
namespace {

using testing::HasSubstr;

// Counts how often each object is read.
class CountingStore final : public CasOnlyStore {
 public:
  std::optional<Bytes> get(std::string_view key) override {
    ++reads[std::string(key)];
    return CasOnlyStore::get(key);
  }
  std::map<std::string, int> reads;
};

class CheckTest : public testing::Test {
 protected:
  // Two branches, a merge, a tag, an unreachable commit; trees of several levels, values of every
  // placement.
  CheckTest() {
    Changes changes;
    for (int i = 0; i < 3000; ++i) changes["key" + std::to_string(i)] = std::string(50, 'v');
    first_ = write("main", root_commit_hash(), changes);
    write("main", first_, {{"key17", "other"}});
    second_ = write("main", first_, {{"key2000", "third"}});
    write("side", first_, {{"key5", std::nullopt}});
    put_values({{"blob", Bytes(3000, 'b')}, {"list", Bytes(300'000, 'l')}});
    repository_.refs().create_tag("v1", {.commit = first_, .message = {}, .time = {}});
    history().repository.create_commit(empty_root(), {root_commit_hash()}, with_message("lost"));
    repository_.flush();
  }

  History& history() { return history_; }

  Hash write(std::string_view branch, const Hash& base, const Changes& changes) {
    MapEdits edits(changes);
    CommitRequest request;
    request.branch = branch;
    request.base = base;
    return commit_to_branch(repository_, request, edits).commit;
  }

  void put_values(const std::map<std::string, Bytes>& values) {
    struct Source final : EditSource {
      Source(ChunkStore& c, const std::map<std::string, Bytes>& v)
          : chunks(c), next_(v.begin()), end(v.end()) {}
      bool next(Edit& edit) override {
        if (next_ == end) return false;
        edit = {next_->first, store_value(chunks, {ValueType::text, next_->second}, scratch)};
        ++next_;
        return true;
      }
      ChunkStore& chunks;
      std::map<std::string, Bytes>::const_iterator next_, end;
      Bytes scratch;
    } edits(repository_.chunks(), values);
    CommitRequest request;
    request.branch = "main";
    request.base = *repository_.refs().head("main");
    commit_to_branch(repository_, request, edits);
  }

  std::string fault(std::span<const Hash> extra = {}) {
    try {
      check_store(history_.memory, extra);
      return "";
    } catch (const Corruption& error) {
      return error.what();
    }
  }

  // A commit that says what it should not, at the head of a branch.
  void put_head(const Commit& commit) {
    const Hash hash = repository_.chunks().write(ObjectType::commit, encode_commit(commit));
    repository_.flush();
    repository_.refs().swap_head("bad", hash, repository_.refs().head("bad"));
  }

  void put_tree(const Hash& root) {
    Commit commit;
    commit.root = root;
    put_head(commit);
  }

  // A leaf of one row, or an internal node; stored.
  Hash leaf(BytesView key, const StoredValue& value = {}) {
    NodeBuilder builder(0);
    builder.add(key, value);
    return put_node(builder);
  }
  struct Child {
    BytesView last_key;
    Hash hash;
    std::uint64_t rows = 1;
  };
  Hash parent(unsigned level, const std::vector<Child>& children) {
    NodeBuilder builder(level);
    for (const Child& child : children) builder.add(child.last_key, child.hash, child.rows);
    return put_node(builder);
  }
  Hash put_node(NodeBuilder& builder) {
    const Hash hash = repository_.nodes().put(builder.finish());
    repository_.flush();
    return hash;
  }

  History history_;
  Repository& repository_ = history_.repository;
  Hash first_;
  Hash second_;
};

TEST_F(CheckTest, ASoundStorePassesAndIsCounted) {
  const CheckReport report = check_store(history_.memory, {});
  std::uint64_t commits = 0;
  std::uint64_t chunks = 0;
  for (const std::string& key : history_.memory.keys()) {
    if (key.starts_with("heads/") || key.starts_with("tags/")) continue;
    ++(key[0] == 'c' ? commits : chunks);
  }
  EXPECT_EQ(report.commits, commits);
  EXPECT_EQ(report.chunks, chunks);
  EXPECT_GT(report.commits, 5u);
  EXPECT_GT(report.chunks, 60u);
}

TEST_F(CheckTest, AnEmptyStoreIsSound) {
  Memory memory;
  EXPECT_EQ(check_store(memory, {}).commits, 0u);
}

TEST_F(CheckTest, ABranchAtTheRootIsSound) {
  repository_.refs().swap_head("new", root_commit_hash(), std::nullopt);
  EXPECT_EQ(fault(), "");
}

TEST_F(CheckTest, ReadsEachObjectOnce) {
  CountingStore store;
  for (const auto& [key, value] : history_.memory.items()) store.set(key, value);
  check_store(store, {});
  std::size_t objects = 0;
  for (const auto& [key, reads] : store.reads) {
    EXPECT_EQ(reads, 1) << key;
    ++objects;
  }
  EXPECT_EQ(objects, history_.memory.memory().size() - 3);  // but for the refs, which are visited
}

TEST_F(CheckTest, CallsTheCheckpoint) {
  struct Interrupted {};
  EXPECT_THROW(check_store(history_.memory, {}, [] { throw Interrupted(); }), Interrupted);
}

TEST_F(CheckTest, FindsEveryFlippedBitOfAnObject) {
  for (const auto& [key, value] : history_.memory.items()) {
    if (key.starts_with("heads/") || key.starts_with("tags/")) continue;
    // The birth time is not hashed: any is as good as another.
    const std::size_t hashed = value.size() - (key[0] == 'c' ? 9 : 0);
    for (const std::size_t at : {std::size_t{0}, hashed / 2, hashed - 1}) {
      Bytes damaged = value;
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      history_.memory.set(key, damaged);
      EXPECT_NE(fault(), "") << key[0] << " " << at;
    }
    history_.memory.set(key, value);
  }
  EXPECT_EQ(fault(), "");
}

TEST_F(CheckTest, FindsEveryMissingObject) {
  const Hash lost =
      repository_.create_commit(empty_root(), {root_commit_hash()}, with_message("lost"));
  repository_.discard();
  for (const auto& [key, value] : history_.memory.items()) {
    if (key.starts_with("heads/") || key.starts_with("tags/")) continue;
    if (key == object_key(ObjectType::commit, lost)) continue;
    history_.memory.remove(key);
    EXPECT_THAT(fault(), HasSubstr("is missing")) << key[0];
    history_.memory.set(key, value);
  }
  EXPECT_EQ(fault(), "");
}

TEST_F(CheckTest, FindsBadRefs) {
  struct Case {
    const char* key;
    Bytes value;
    const char* fault;
  };
  const Bytes hash(first_.view());
  const Case cases[] = {
      {"heads/x", "short", "head of branch 'x' is not a hash"},
      {"heads/x", Bytes(32, 'h'), "which branch 'x' refers to, is missing"},
      {"heads/a b", hash, "branch name 'a b' contains"},
      {"heads/", hash, "branch name '' is empty"},
      {"tags/x", "", "damaged tag: ends too early"},
      {"tags/x", '\0' + Bytes(32, 'h'), "which tag 'x' refers to, is missing"},
      {"tags/..", '\0' + hash, "tag name '..' contains"},
  };
  for (const Case& test : cases) {
    history_.memory.set(test.key, test.value);
    EXPECT_THAT(fault(), HasSubstr(test.fault)) << test.key;
    history_.memory.remove(test.key);
  }
}

TEST_F(CheckTest, FindsMissingExtraCommits) {
  const Hash none = sha256("none");
  EXPECT_EQ(fault({&first_, 1}), "");
  EXPECT_THAT(fault({&none, 1}), HasSubstr("which a workspace refers to, is missing"));
}

TEST_F(CheckTest, FindsKeysThatAreNone) {
  for (const char* key : {"n", "b123", "c", "lists"}) {
    history_.memory.set(key, "x");
    EXPECT_THAT(fault(), HasSubstr("is not that of an object")) << key;
    history_.memory.remove(key);
  }
}

TEST_F(CheckTest, FindsADanglingParent) {
  Commit commit;
  commit.root = empty_root();
  commit.parents = {sha256("none")};
  commit.generation = 1;
  put_head(commit);
  EXPECT_THAT(fault(), HasSubstr("is missing"));
}

TEST_F(CheckTest, FindsWrongGenerations) {
  const Hash on_root = history_.commit({root_commit_hash()}, "one");
  const Hash deep = history_.chain(on_root, 3).back();  // generation 4
  struct Case {
    std::vector<Hash> parents;
    std::uint64_t generation;
    bool sound;
  };
  const Case cases[] = {
      {{on_root}, 2, true},        {{on_root}, 1, false},       {{on_root}, 3, false},
      {{on_root, deep}, 5, true},  {{deep, on_root}, 5, true},  {{deep, on_root}, 4, false},
      {{deep, on_root}, 2, false}, {{on_root, deep}, 6, false}, {{root_commit_hash()}, 2, false},
  };
  for (const auto& [parents, generation, sound] : cases) {
    Commit commit;
    commit.root = empty_root();
    commit.parents = parents;
    commit.generation = generation;
    put_head(commit);
    const std::string found = fault();
    EXPECT_EQ(found.empty(), sound) << found;
    EXPECT_THAT(found, testing::AnyOf("", HasSubstr("has a generation"))) << generation;
  }
}

TEST_F(CheckTest, FindsInfoThatIsNotCanonical) {
  for (const char* info : {"", "[]", "{", "{\"b\":1,\"a\":1}", "{ }"}) {
    Commit commit;
    commit.root = empty_root();
    commit.metadata.info = info;
    put_head(commit);
    EXPECT_THAT(fault(), HasSubstr("has info that is no JSON object")) << info;
  }
}

TEST_F(CheckTest, FindsTreesThatLie) {
  const Hash a = leaf("a");
  const Hash b = leaf("b");
  const Hash c = leaf("c");
  const Hash ab = parent(1, {{"a", a}, {"b", b}});
  struct Case {
    const char* what;
    Hash root;
    const char* fault;
  };
  const Case cases[] = {
      {"sound", parent(2, {{"b", ab, 2}, {"c", parent(1, {{"c", c}})}}), ""},
      {"a level left out", parent(2, {{"a", a}, {"c", c}}), "wrong level"},
      {"levels mixed", parent(1, {{"b", ab, 2}, {"c", c}}), "wrong level"},
      {"too many rows", parent(1, {{"a", a, 2}, {"b", b}}), "wrong row count"},
      {"too few rows", parent(2, {{"b", ab, 1}}), "wrong row count"},
      {"another last key", parent(1, {{"a", a}, {"bb", b}}), "wrong last key"},
      {"children overlap", parent(2, {{"a", parent(1, {{"a", a}})}, {"b", ab, 2}}),
       "overlaps the child before it"},
      {"no such child", parent(1, {{"a", a}, {"b", sha256("none")}}), "is missing"},
      {"an empty child", parent(1, {{"a", a}, {"b", empty_root()}}), "an empty node inside a tree"},
  };
  for (const Case& test : cases) {
    put_tree(test.root);
    if (*test.fault) {
      EXPECT_THAT(fault(), HasSubstr(test.fault)) << test.what;
    } else {
      EXPECT_EQ(fault(), "") << test.what;
    }
  }
}

// A node is read once, yet what every one of its parents states of it is checked.
TEST_F(CheckTest, FindsALieAboutANodeSeenBefore) {
  const Hash a = leaf("a");
  const Hash b = leaf("b");
  repository_.refs().swap_head("good", history_.commit({}, "good"), std::nullopt);
  Commit good;
  good.root = parent(1, {{"a", a}, {"b", b}});
  Commit bad;
  bad.root = parent(1, {{"a", a}, {"b", b, 3}});
  bad.parents = {repository_.chunks().write(ObjectType::commit, encode_commit(good))};
  bad.generation = 1;
  put_head(bad);
  EXPECT_THAT(fault(), HasSubstr("wrong row count"));
}

TEST_F(CheckTest, FindsValuesThatLie) {
  const auto reference = [&](StoredValue::Placement placement, std::uint64_t size,
                             const Hash& hash) {
    Bytes payload;
    put_varint(payload, size);
    payload.append(hash.view());
    put_tree(leaf("k", {ValueType::blob, placement, payload}));
    return fault();
  };
  ChunkStore& chunks = repository_.chunks();
  const Hash blob = chunks.write(ObjectType::blob, Bytes(2000, 'b'));
  const auto list = [&](std::uint64_t size, const Hash& hash, int times) {
    Bytes body;
    for (int i = 0; i < times; ++i) {
      put_varint(body, size);
      body.append(hash.view());
    }
    return chunks.write(ObjectType::list, body);
  };
  constexpr auto kBlob = StoredValue::Placement::blob;
  constexpr auto kList = StoredValue::Placement::list;
  EXPECT_EQ(reference(kBlob, 2000, blob), "");
  EXPECT_THAT(reference(kBlob, 2001, blob), HasSubstr("has 2000 bytes, not the 2001"));
  EXPECT_THAT(reference(kBlob, 2000, sha256("none")), HasSubstr("is missing"));
  EXPECT_THAT(reference(kBlob, 2000, leaf("k")), HasSubstr("is missing"));
  EXPECT_EQ(reference(kList, 80'000, list(2000, blob, 40)), "");
  EXPECT_THAT(reference(kList, 80'001, list(2000, blob, 40)), HasSubstr("ends too early"));
  EXPECT_NE(reference(kList, 79'999, list(2000, blob, 40)), "");
  EXPECT_THAT(reference(kList, 80'040, list(2001, blob, 40)),
              HasSubstr("has 2000 bytes, not the 2001"));
  EXPECT_NE(reference(kList, 80'000, list(2000, sha256("none"), 40)), "");
}

TEST_F(CheckTest, RefusesWhatANewerVersionWrote) {
  Commit commit;
  commit.root = empty_root();
  Bytes body = encode_commit(commit);
  body[0] = '\x40';
  const Hash hash = repository_.chunks().write(ObjectType::commit, body);
  repository_.flush();
  repository_.refs().swap_head("newer", hash, std::nullopt);
  EXPECT_THROW(check_store(history_.memory, {}), Unsupported);
}

}  // namespace
}  // namespace vkv
