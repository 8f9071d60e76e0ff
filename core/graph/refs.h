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
  std::optional<std::int64_t> time;  // milliseconds since 1970 UTC

  friend bool operator==(const Tag&, const Tag&) = default;
};

// heads/<branch> and tags/<tag> in a KVStore. Holds no state; values read are checked (Corruption).
class Refs {
 public:
  explicit Refs(KVStore& kv) : kv_(kv) {}

  std::optional<Hash> head(std::string_view branch);
  // Sorted by name.
  std::map<std::string, Hash> branches();
  // Moves the head from `expected` (absent: the branch must not exist); false when it is elsewhere.
  // Throws InvalidArgument when a new branch's name is none.
  bool swap_head(std::string_view branch, const Hash& to, const std::optional<Hash>& expected);
  // Deletes the branch if its head is `expected`.
  bool delete_branch(std::string_view branch, const Hash& expected);

  std::optional<Tag> tag(std::string_view name);
  std::map<std::string, Tag> tags();
  // False when the tag exists. Throws InvalidArgument when its name is none.
  bool create_tag(std::string_view name, const Tag& tag);
  // False when there is no such tag.
  bool delete_tag(std::string_view name);

 private:
  KVStore& kv_;
};

}  // namespace vkv
