#include "core/graph/refs.h"

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/ref_name.h"

namespace vkv {
namespace {

constexpr std::string_view kHeads = "heads/";
constexpr std::string_view kTags = "tags/";

// Which optional fields a tag has. Persisted.
enum Flag : std::uint8_t {
  kMessage = 1 << 0,
  kTime = 1 << 1,
  kKnownFlags = kMessage | kTime,
};

std::string ref_key(std::string_view prefix, std::string_view name) {
  return std::string(prefix).append(name);
}

// What a deleted branch leaves in stores that can only compare and swap.
constexpr BytesView kDeleted;

// Absent: deleted.
std::optional<Hash> decode_head(std::string_view branch, BytesView stored) {
  if (stored == kDeleted) return std::nullopt;
  const std::optional<Hash> head = Hash::from_raw(stored);
  if (!head) throw Corruption("head of branch " + printable(branch) + " is not a hash");
  return head;
}

Bytes encode_tag(const Tag& tag) {
  Bytes stored;
  put_u8(stored, static_cast<std::uint8_t>((tag.message ? kMessage : 0) | (tag.time ? kTime : 0)));
  stored.append(tag.commit.view());
  if (tag.message) put_length_prefixed(stored, *tag.message);
  if (tag.time) put_u64(stored, static_cast<std::uint64_t>(*tag.time));
  return stored;
}

Tag decode_tag(BytesView stored) {
  Decoder in(stored, "tag");
  const std::uint8_t flags = in.u8();
  if (flags & ~kKnownFlags) throw Unsupported("tag with fields of a newer version of vkv");
  Tag tag;
  tag.commit = *Hash::from_raw(in.bytes(Hash::kSize));
  if (flags & kMessage) tag.message = Bytes(in.length_prefixed());
  if (flags & kTime) tag.time = static_cast<std::int64_t>(in.u64());
  in.expect_end();
  return tag;
}

}  // namespace

std::optional<Hash> Refs::head(std::string_view branch) {
  const std::optional<Bytes> stored = kv_.get(ref_key(kHeads, branch));
  if (!stored) return std::nullopt;
  return decode_head(branch, *stored);
}

std::map<std::string, Hash> Refs::branches() {
  std::map<std::string, Hash> heads;
  kv_.visit(kHeads, [&](std::string_view key, BytesView stored) {
    const std::string_view name = key.substr(kHeads.size());
    if (const std::optional<Hash> head = decode_head(name, stored)) heads.emplace(name, *head);
    return true;
  });
  return heads;
}

bool Refs::swap_head(std::string_view branch, const Hash& to, const std::optional<Hash>& expected) {
  const std::string key = ref_key(kHeads, branch);
  if (expected) return kv_.cas(key, to.view(), expected->view());
  check_ref_name("branch", branch);
  return kv_.cas(key, to.view(), std::nullopt) || kv_.cas(key, to.view(), kDeleted);
}

bool Refs::delete_branch(std::string_view branch, const Hash& expected) {
  const std::string key = ref_key(kHeads, branch);
  bool deleted = false;
  const auto mark = [&] { deleted = kv_.cas(key, kDeleted, expected.view()); };
  const bool was_exclusive = kv_.exclusive([&] {
    mark();
    if (deleted) kv_.remove(key);
  });
  if (!was_exclusive) mark();
  return deleted;
}

std::optional<Tag> Refs::tag(std::string_view name) {
  const std::optional<Bytes> stored = kv_.get(ref_key(kTags, name));
  if (!stored) return std::nullopt;
  return decode_tag(*stored);
}

std::map<std::string, Tag> Refs::tags() {
  std::map<std::string, Tag> tags;
  kv_.visit(kTags, [&](std::string_view key, BytesView stored) {
    tags.emplace(key.substr(kTags.size()), decode_tag(stored));
    return true;
  });
  return tags;
}

bool Refs::create_tag(std::string_view name, const Tag& tag) {
  check_ref_name("tag", name);
  return kv_.cas(ref_key(kTags, name), encode_tag(tag), std::nullopt);
}

bool Refs::delete_tag(std::string_view name) {
  const std::string key = ref_key(kTags, name);
  if (!kv_.contains(key)) return false;
  kv_.remove(key);
  return true;
}

}  // namespace vkv
