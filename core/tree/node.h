// Node: one decoded, verified chunk of a prolly tree. core/FORMAT.md has its byte grammar.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/tree/value.h"

namespace vkv {

class Node;
using NodePtr = boost::intrusive_ptr<const Node>;

// Where a child was last found in the node cache; see NodeCache.
struct CacheRef {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0: never looked up
};

// Immutable but for the cache references of its children. Not shared between threads.
//
// A leaf (level 0) holds entries: key and stored value. An internal node holds children: the last
// key below the child, the child's hash, and the number of entries below it. Keys are in strict
// memcmp order. All accessors are O(1) except lower_bound, O(log size); none of them allocates,
// throws or checks: decode() has checked every offset, order and count.
class Node : public boost::intrusive_ref_counter<Node, boost::thread_unsafe_counter> {
 public:
  // Takes the body of a node object. Throws Corruption unless it is exactly a well-formed node.
  static NodePtr decode(Bytes body);

  unsigned level() const { return level_; }
  bool is_leaf() const { return level_ == 0; }
  std::size_t size() const { return size_; }
  // Entries in all leaves below.
  std::uint64_t rows() const { return rows_; }
  // The node as stored.
  BytesView body() const { return body_; }
  // Bytes of memory it takes.
  std::size_t footprint() const;

  // Key i is prefix() then suffix(i).
  BytesView prefix() const { return {data_, prefix_size_}; }
  BytesView suffix(std::size_t i) const { return slice(key_ends_, i); }
  void copy_key(std::size_t i, Bytes& out) const;
  // Sign of (key i compared with `key`).
  int compare_key(std::size_t i, BytesView key) const;
  // The first i whose key is not below `key`; size() when all are.
  std::size_t lower_bound(BytesView key) const;

  // Leaves only. Borrows from this node.
  StoredValue value(std::size_t i) const;

  // Internal nodes only.
  Hash child_hash(std::size_t i) const;
  std::uint64_t child_rows(std::size_t i) const { return children_[i].rows; }
  CacheRef& child_ref(std::size_t i) const { return children_[i].ref; }

 private:
  class Checker;

  struct Child {
    std::uint64_t rows = 0;
    CacheRef ref;
  };

  explicit Node(Bytes body) : body_(std::move(body)) {}

  static std::size_t load_u16(const char* at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(at[0])) |
           static_cast<std::size_t>(static_cast<unsigned char>(at[1])) << 8;
  }
  // Item i of those that end at ends[0], ends[1], …; the u16 before the ends is where item 0
  // begins.
  BytesView slice(const char* ends, std::size_t i) const {
    const std::size_t begin = load_u16(ends + 2 * i - 2);
    return {data_ + begin, load_u16(ends + 2 * i) - begin};
  }

  Bytes body_;
  // Into body_, named as in the grammar.
  const char* key_ends_ = nullptr;
  const char* value_ends_ = nullptr;
  const char* tags_ = nullptr;
  const char* data_ = nullptr;
  const char* hashes_ = nullptr;
  std::uint32_t level_ = 0;
  std::uint32_t size_ = 0;
  std::size_t prefix_size_ = 0;
  std::uint64_t rows_ = 0;
  mutable std::vector<Child> children_;
};

// Deeper trees are refused. A node of a level above the leaves has at least two children, but for
// the last one.
inline constexpr unsigned kMaxLevel = 32;

// Whether a leaf may hold `value`: its type and placement are known, its payload has the form they
// ask for.
bool is_well_formed(const StoredValue& value);

}  // namespace vkv
