#include "core/graph/commit.h"

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tree/node_store.h"

namespace vkv {
namespace {

constexpr std::size_t kMaxParents = 2;

// Which metadata there is. Persisted.
enum Flag : std::uint8_t {
  kMessage = 1 << 0,
  kAuthor = 1 << 1,
  kTime = 1 << 2,
  kInfo = 1 << 3,
  kKnownFlags = kMessage | kAuthor | kTime | kInfo,
};

std::uint8_t flags_of(const CommitMetadata& metadata) {
  return static_cast<std::uint8_t>((metadata.message ? kMessage : 0) |
                                   (metadata.author ? kAuthor : 0) | (metadata.time ? kTime : 0) |
                                   (metadata.info ? kInfo : 0));
}

void check_encodable(const Commit& commit) {
  if (commit.parents.size() > kMaxParents) throw InvalidArgument("commit with over two parents");
  const CommitMetadata& metadata = commit.metadata;
  if (metadata.message && !is_utf8(*metadata.message)) {
    throw InvalidArgument("commit message is not UTF-8");
  }
  if (metadata.author && !is_utf8(*metadata.author)) {
    throw InvalidArgument("commit author is not UTF-8");
  }
}

Hash hash(Decoder& in) { return *Hash::from_raw(in.bytes(Hash::kSize)); }

Bytes text(Decoder& in) {
  const BytesView bytes = in.length_prefixed();
  if (!is_utf8(bytes)) in.fail("text is not UTF-8");
  return Bytes(bytes);
}

CommitMetadata decode_metadata(std::uint8_t flags, Decoder& in) {
  CommitMetadata metadata;
  if (flags & kMessage) metadata.message = text(in);
  if (flags & kAuthor) metadata.author = text(in);
  if (flags & kTime) metadata.time = static_cast<std::int64_t>(in.u64());
  if (flags & kInfo) metadata.info = text(in);
  return metadata;
}

}  // namespace

Bytes encode_commit(const Commit& commit) {
  check_encodable(commit);
  const CommitMetadata& metadata = commit.metadata;
  Bytes body;
  put_u8(body, flags_of(metadata));
  body.append(commit.root.view());
  put_varint(body, commit.generation);
  put_u8(body, static_cast<std::uint8_t>(commit.parents.size()));
  for (const Hash& parent : commit.parents) body.append(parent.view());
  if (metadata.message) put_length_prefixed(body, *metadata.message);
  if (metadata.author) put_length_prefixed(body, *metadata.author);
  if (metadata.time) put_u64(body, static_cast<std::uint64_t>(*metadata.time));
  if (metadata.info) put_length_prefixed(body, *metadata.info);
  return body;
}

Commit decode_commit(BytesView body) {
  Decoder in(body, "commit");
  const std::uint8_t flags = in.u8();
  if (flags & ~kKnownFlags) throw Unsupported("commit with fields of a newer version of vkv");
  Commit commit;
  commit.root = hash(in);
  commit.generation = in.varint();
  const std::size_t parents = in.u8();
  if (parents > kMaxParents) in.fail("over two parents");
  if ((parents == 0) != (commit.generation == 0)) in.fail("generation does not fit its parents");
  for (std::size_t i = 0; i < parents; ++i) commit.parents.push_back(hash(in));
  commit.metadata = decode_metadata(flags, in);
  in.expect_end();
  return commit;
}

const Hash& root_commit_hash() {
  static const Hash hash = hash_object(
      ObjectType::commit, encode_commit({.root = empty_root(), .parents = {}, .metadata = {}}));
  return hash;
}

}  // namespace vkv
