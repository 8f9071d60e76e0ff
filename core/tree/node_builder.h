// NodeBuilder: encodes nodes, entry by entry.
#pragma once

#include <vector>

#include "core/tree/node.h"
#include "core/tree/splitter.h"

namespace vkv {

// Entries come in strictly ascending key order, with keys of at most kMaxKeySize bytes and
// well-formed values: the caller has checked that.
class NodeBuilder {
 public:
  explicit NodeBuilder(unsigned level) : level_(level) {}

  // To a leaf.
  void add(BytesView key, const StoredValue& value);
  // To an internal node.
  void add(BytesView last_key, const Hash& child, std::uint64_t rows);
  // Entry i of a node of the same level.
  void add(const Node& node, std::size_t i);

  std::size_t size() const { return key_ends_.size(); }
  std::uint64_t rows() const { return rows_; }
  BytesView last_key() const { return key(size() - 1); }
  Hash last_child() const;
  // Whether the splitter ends the node after the entry added last.
  bool complete() const;

  // The body of a node of what was added, until the next call; the next node starts empty.
  const Bytes& finish();

 private:
  BytesView key(std::size_t i) const;
  std::size_t encoded_size() const;
  // Before an entry is added, and once its key is in keys_.
  void begin_entry() { size_before_ = encoded_size(); }
  void end_key();
  void add_child(BytesView hash, std::uint64_t rows);
  void add_value(const StoredValue& value);
  void put_data(Bytes& out) const;
  void clear();

  unsigned level_;
  std::uint64_t rows_ = 0;
  std::size_t prefix_size_ = 0;
  std::size_t size_before_ = 0;
  Bytes keys_;  // whole
  std::vector<std::size_t> key_ends_;
  Bytes values_;  // leaf: payloads; internal: row counts
  std::vector<std::size_t> value_ends_;
  Bytes tags_;
  Bytes hashes_;
  Bytes body_;
};

}  // namespace vkv
