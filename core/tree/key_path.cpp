#include "core/tree/key_path.h"

#include <algorithm>

namespace vkv {

KeyPath::KeyPath(NodeStore& nodes, const Hash& root, BytesView key)
    : nodes_(&nodes), root_(root), key_(key) {}

unsigned KeyPath::height() {
  if (path_.empty()) path_.push_back(nodes_->get(root_));
  return path_.front()->level();
}

const Node* KeyPath::node(unsigned level) {
  const std::size_t depth = height() - level;
  while (path_.size() <= depth) {
    const Node& last = *path_.back();
    const std::size_t child = last.lower_bound(key_);
    if (child == last.size()) return nullptr;
    path_.push_back(nodes_->child(last, child));
  }
  return path_[depth].get();
}

std::optional<Hash> KeyPath::hash(unsigned level) {
  if (level == height()) return root_;
  const Node* parent = node(level + 1);
  if (parent == nullptr) return {};
  const std::size_t child = parent->lower_bound(key_);
  if (child == parent->size()) return {};
  return parent->child_hash(child);
}

bool KeyPath::leads_to_same(KeyPath& other) {
  if (root_ == other.root_) return true;
  for (unsigned level = std::min(height(), other.height()) + 1; level-- > 0;) {
    const auto ours = hash(level);
    const auto theirs = other.hash(level);
    if (ours == theirs) return true;
    if (!ours || !theirs) break;
  }
  return value() == other.value();
}

std::optional<StoredValue> KeyPath::value() {
  const Node* leaf = node(0);
  if (leaf == nullptr) return {};
  const std::size_t i = leaf->lower_bound(key_);
  if (i == leaf->size() || leaf->compare_key(i, key_) != 0) return {};
  return leaf->value(i);
}

}  // namespace vkv
