#include "core/graph/tree_checker.h"

#include "core/base/error.h"
#include "core/tree/node_store.h"

namespace vkv {
namespace {

void require_size(const char* what, const Hash& hash, std::uint64_t size, std::uint64_t stated) {
  if (size == stated) return;
  throw Corruption(std::string(what) + " " + hash.hex() + " has " + std::to_string(size) +
                   " bytes, not the " + std::to_string(stated) + " its reference states");
}

}  // namespace

void TreeChecker::check(const Hash& root) {
  if (root == empty_root()) return;
  open_.clear();
  see(root);
  while (!open_.empty()) {
    const Claim claim = std::move(open_.back());
    open_.pop_back();
    verify(claim, see(claim.child));
  }
}

const TreeChecker::Summary& TreeChecker::see(const Hash& hash) {
  if (const auto it = nodes_.find(hash); it != nodes_.end()) return it->second;
  if (hash == empty_root()) throw Corruption("an empty node inside a tree");
  const NodePtr node = Node::decode(chunks_.read(ObjectType::node, hash));
  Summary summary{node->level(), node->rows(), {}, {}};
  node->copy_key(0, summary.first_key);
  node->copy_key(node->size() - 1, summary.last_key);
  if (node->is_leaf()) {
    check_values(*node);
  } else {
    open_children(*node);
  }
  return nodes_.emplace(hash, std::move(summary)).first->second;
}

void TreeChecker::open_children(const Node& node) {
  std::optional<Bytes> above;
  for (std::size_t i = 0; i < node.size(); ++i) {
    Claim claim{node.child_hash(i), node.level() - 1, node.child_rows(i), {}, above};
    node.copy_key(i, claim.last_key);
    above = claim.last_key;
    open_.push_back(std::move(claim));
  }
}

void TreeChecker::check_values(const Node& leaf) {
  for (std::size_t i = 0; i < leaf.size(); ++i) {
    const StoredValue value = leaf.value(i);
    if (value.placement != StoredValue::Placement::in_node) check_outside_value(value);
  }
}

void TreeChecker::check_outside_value(const StoredValue& value) {
  const std::optional<Hash> list = list_of(value);
  if (list) {
    const auto [it, is_new] = values_.emplace(*list, value.size());
    require_size("list", *list, it->second, value.size());
    if (!is_new) return;
  }
  visit_blobs(chunks_, value,
              [&](const Hash& hash, std::uint64_t size) { check_blob(hash, size); });
}

void TreeChecker::check_blob(const Hash& hash, std::uint64_t size) {
  auto it = values_.find(hash);
  if (it == values_.end()) {
    it = values_.emplace(hash, chunks_.read(ObjectType::blob, hash).size()).first;
  }
  require_size("blob", hash, it->second, size);
}

void TreeChecker::verify(const Claim& claim, const Summary& child) {
  const char* fault = child.level != claim.level         ? "wrong level"
                      : child.rows != claim.rows         ? "wrong row count"
                      : child.last_key != claim.last_key ? "wrong last key"
                      : claim.above && child.first_key <= *claim.above
                          ? "overlaps the child before it"
                          : nullptr;
  if (!fault) return;
  throw Corruption("node " + claim.child.hex() + " is not the child its parent states: " + fault);
}

}  // namespace vkv
