#include "core/tree/node.h"

#include <algorithm>
#include <cstring>

#include "core/base/coding.h"
#include "core/base/error.h"

namespace vkv {
namespace {

int sign(int comparison) { return (comparison > 0) - (comparison < 0); }

std::uint8_t to_tag_byte(char tag) { return static_cast<std::uint8_t>(tag); }

bool is_well_formed_inline(const StoredValue& value) {
  switch (value.type) {
    case ValueType::blob:
    case ValueType::text:
      return value.payload.size() <= kMaxInlineValue;
    case ValueType::integer:
    case ValueType::real:
      return value.payload.size() == 8;
    case ValueType::null:
      return value.payload.empty();
  }
  return false;
}

// A varint size within the placement's range, then a hash.
bool is_well_formed_reference(const StoredValue& value) {
  if (value.type != ValueType::blob && value.type != ValueType::text) return false;
  if (value.payload.size() <= Hash::kSize) return false;
  const BytesView digits = value.payload.substr(0, value.payload.size() - Hash::kSize);
  if (digits.size() > 10 || (digits.size() == 10 && static_cast<unsigned char>(digits[9]) > 1)) {
    return false;
  }
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<unsigned char>(digits[i]);
    const bool last = i + 1 == digits.size();
    if (last == (digit >= 0x80) || (last && digit == 0)) return false;
    size |= static_cast<std::uint64_t>(digit & 0x7f) << (7 * i);
  }
  const bool single = size <= kMaxSingleBlob;
  return size > kMaxInlineValue && single == (value.placement == StoredValue::Placement::blob);
}

}  // namespace

bool is_well_formed(const StoredValue& value) {
  switch (value.placement) {
    case StoredValue::Placement::in_node:
      return is_well_formed_inline(value);
    case StoredValue::Placement::blob:
    case StoredValue::Placement::list:
      return is_well_formed_reference(value);
  }
  return false;
}

// Finds the parts of a node's body and checks all that the accessors rely on.
class Node::Checker {
 public:
  explicit Checker(Node& node) : node_(node), in_(node.body_, "node") {}

  void run() {
    header();
    if (node_.size_ == 0) {
      empty();
    } else {
      keys();
      if (node_.is_leaf()) {
        values();
      } else {
        children();
      }
    }
  }

 private:
  void require(bool holds, const char* otherwise) const {
    if (!holds) in_.fail(otherwise);
  }

  void header() {
    node_.level_ = in_.u8();
    node_.size_ = in_.u16();
    node_.prefix_size_ = in_.u16();
    require(node_.level_ <= kMaxLevel, "level too high");
    node_.key_ends_ = in_.bytes(2 * std::uint64_t{node_.size_}).data();
    if (node_.is_leaf()) {
      node_.value_ends_ = in_.bytes(2 * std::uint64_t{node_.size_}).data();
      node_.tags_ = in_.bytes(node_.size_).data();
    }
    node_.data_ = in_.rest().data();
  }

  void empty() const {
    require(node_.is_leaf(), "no children");
    require(node_.prefix_size_ == 0, "prefix without keys");
    in_.expect_end();
  }

  // Throws unless the ends ascend from where the items begin and stay within the data.
  void ends(const char* ends) const {
    const std::size_t limit = in_.rest().size();
    for (std::size_t i = 0; i < node_.size_; ++i) {
      const std::size_t end = load_u16(ends + 2 * i);
      require(end >= load_u16(ends + 2 * i - 2), "ends out of order");
      require(end <= limit, "ends too early");
    }
  }

  void keys() const {
    ends(node_.key_ends_);
    for (std::size_t i = 0; i < node_.size_; ++i) {
      require(node_.prefix_size_ + node_.suffix(i).size() <= kMaxKeySize, "key too long");
      require(i == 0 || node_.suffix(i - 1) < node_.suffix(i), "keys out of order");
    }
    const BytesView first = node_.suffix(0);
    const BytesView last = node_.suffix(node_.size_ - 1);
    require(node_.size_ == 1 ? first.empty() : first.empty() || first[0] != last[0],
            "prefix too short");
  }

  void values() {
    ends(node_.value_ends_);
    require(load_u16(node_.value_ends_ + 2 * node_.size_ - 2) == in_.rest().size(),
            "bytes left over");
    for (std::size_t i = 0; i < node_.size_; ++i) {
      require(is_well_formed(node_.value(i)), "ill-formed value");
    }
    node_.rows_ = node_.size_;
  }

  void children() {
    in_.bytes(load_u16(node_.key_ends_ + 2 * node_.size_ - 2));
    node_.hashes_ = in_.bytes(std::uint64_t{Hash::kSize} * node_.size_).data();
    node_.children_.resize(node_.size_);
    for (Child& child : node_.children_) {
      child.rows = in_.varint();
      require(child.rows > 0, "child without rows");
      node_.rows_ += child.rows;
      require(node_.rows_ >= child.rows, "row count beyond 64 bits");
    }
    in_.expect_end();
  }

  Node& node_;
  Decoder in_;
};

NodePtr Node::decode(Bytes body) {
  const boost::intrusive_ptr<Node> node(new Node(std::move(body)));
  Checker(*node).run();
  return node;
}

std::size_t Node::footprint() const {
  return sizeof *this + body_.capacity() + children_.capacity() * sizeof(Child);
}

void Node::copy_key(std::size_t i, Bytes& out) const { out.assign(prefix()).append(suffix(i)); }

int Node::compare_key(std::size_t i, BytesView key) const {
  if (const int order = prefix().compare(key.substr(0, prefix_size_))) return sign(order);
  return sign(suffix(i).compare(key.substr(prefix_size_)));
}

std::size_t Node::lower_bound(BytesView key) const {
  if (const int order = prefix().compare(key.substr(0, prefix_size_))) {
    return order > 0 ? 0 : size_;
  }
  const BytesView sought = key.substr(prefix_size_);
  std::size_t low = 0;
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (suffix(middle) < sought) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

StoredValue Node::value(std::size_t i) const {
  const std::uint8_t tag = to_tag_byte(tags_[i]);
  return {static_cast<ValueType>(tag & 15), static_cast<StoredValue::Placement>(tag >> 4),
          slice(value_ends_, i)};
}

Hash Node::child_hash(std::size_t i) const {
  Hash hash;
  std::memcpy(hash.bytes.data(), hashes_ + Hash::kSize * i, Hash::kSize);
  return hash;
}

}  // namespace vkv
