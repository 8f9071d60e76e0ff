#include "core/tree/node_builder.h"

#include <algorithm>

#include "core/base/coding.h"

namespace vkv {
namespace {

constexpr std::size_t kHeaderSize = 5;
constexpr std::size_t kLeafEntryOverhead = 5;  // key end, value end, tag
constexpr std::size_t kChildEntryOverhead = 2 + Hash::kSize;

std::size_t common_prefix(BytesView a, BytesView b) {
  const auto end = a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return static_cast<std::size_t>(std::mismatch(a.begin(), end, b.begin()).first - a.begin());
}

void put_end(Bytes& out, std::size_t end) { put_u16(out, static_cast<std::uint16_t>(end)); }

}  // namespace

void NodeBuilder::add(BytesView key, const StoredValue& value) {
  begin_entry();
  keys_.append(key);
  end_key();
  add_value(value);
}

void NodeBuilder::add(BytesView last_key, const Hash& child, std::uint64_t rows) {
  begin_entry();
  keys_.append(last_key);
  end_key();
  add_child(child.view(), rows);
}

void NodeBuilder::add(const Node& node, std::size_t i) {
  begin_entry();
  keys_.append(node.prefix()).append(node.suffix(i));
  end_key();
  if (level_ == 0) {
    add_value(node.value(i));
  } else {
    add_child(node.child_hash(i).view(), node.child_rows(i));
  }
}

Hash NodeBuilder::last_child() const {
  return *Hash::from_raw(BytesView(hashes_).substr(hashes_.size() - Hash::kSize));
}

bool NodeBuilder::complete() const {
  const std::size_t after = encoded_size();
  const std::size_t truncated = (size() - 1) * prefix_size_;
  return ends_node(level_, last_key(), {size(), size_before_, after, after + truncated});
}

const Bytes& NodeBuilder::finish() {
  body_.clear();
  body_.reserve(encoded_size());
  put_u8(body_, static_cast<std::uint8_t>(level_));
  put_u16(body_, static_cast<std::uint16_t>(size()));
  put_u16(body_, static_cast<std::uint16_t>(prefix_size_));
  put_data(body_);
  clear();
  return body_;
}

// The next node will be as large: capacity is kept.
void NodeBuilder::clear() {
  rows_ = 0;
  prefix_size_ = 0;
  size_before_ = 0;
  for (Bytes* bytes : {&keys_, &values_, &tags_, &hashes_}) bytes->clear();
  key_ends_.clear();
  value_ends_.clear();
}

void NodeBuilder::put_data(Bytes& out) const {
  for (std::size_t i = 0; i < size(); ++i) put_end(out, key_ends_[i] - i * prefix_size_);
  const std::size_t values = keys_.size() - (size() - 1) * prefix_size_;
  for (const std::size_t end : value_ends_) put_end(out, values + end);
  out.append(tags_);
  out.append(keys_, 0, prefix_size_);
  for (std::size_t i = 0; i < size(); ++i) out.append(key(i).substr(prefix_size_));
  out.append(hashes_);
  out.append(values_);
}

BytesView NodeBuilder::key(std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : key_ends_[i - 1];
  return BytesView(keys_).substr(begin, key_ends_[i] - begin);
}

std::size_t NodeBuilder::encoded_size() const {
  if (size() == 0) return kHeaderSize;
  const std::size_t overhead = level_ == 0 ? kLeafEntryOverhead : kChildEntryOverhead;
  return kHeaderSize + size() * overhead + keys_.size() - (size() - 1) * prefix_size_ +
         values_.size();
}

// Keys ascend, so what the last shares with the first all share; and that only shrinks.
void NodeBuilder::end_key() {
  key_ends_.push_back(keys_.size());
  const BytesView first = key(0);
  prefix_size_ =
      size() == 1 ? first.size() : common_prefix(first.substr(0, prefix_size_), last_key());
}

void NodeBuilder::add_child(BytesView hash, std::uint64_t rows) {
  hashes_.append(hash);
  put_varint(values_, rows);
  rows_ += rows;
}

void NodeBuilder::add_value(const StoredValue& value) {
  values_.append(value.payload);
  value_ends_.push_back(values_.size());
  tags_.push_back(static_cast<char>(static_cast<unsigned>(value.placement) << 4 |
                                    static_cast<unsigned>(value.type)));
  ++rows_;
}

}  // namespace vkv
