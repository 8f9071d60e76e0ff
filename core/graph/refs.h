// Refs: named commits, moved by compare-and-swap only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/kv/kvstore.h"

namespace vkv {

struct Tag {
  Hash commit;
  std::optional<Bytes> message;
  std::optional<std::int64_t> time;
};

// heads/<branch> and tags/<tag> in a KVStore. Holds no state; values read are checked (Corruption).
class Refs {
 public:
  explicit Refs(KVStore& kv) : kv_(kv) {}

  std::optional<Hash> head(std::string_view branch);
  // Sorted by name.
  std::map<std::string, Hash> branches();
  // Moves the head from `expected` (absent: the branch must not exist); false when it is elsewhere.
  bool swap_head(std::string_view branch, const Hash& to, const std::optional<Hash>& expected);
  // Deletes the branch if its head is `expected`.
  bool delete_branch(std::string_view branch, const Hash& expected);

  std::optional<Tag> tag(std::string_view name);
  std::map<std::string, Tag> tags();
  // False when the tag exists.
  bool create_tag(std::string_view name, const Tag& tag);
  bool delete_tag(std::string_view name);

 private:
  KVStore& kv_;
};

}  // namespace vkv
