#include "core/tree/node_store.h"

#include "core/base/error.h"
#include "core/tree/node_builder.h"

namespace vkv {
namespace {

const Bytes& empty_leaf() {
  static const Bytes body = NodeBuilder(0).finish();
  return body;
}

[[noreturn]] void refuse(const Hash& hash, const char* why) {
  throw Corruption("node " + hash.hex() + " is not the child its parent states: " + why);
}

void check_child(const Node& parent, std::size_t i, const Node& child) {
  const Hash hash = parent.child_hash(i);
  if (child.level() + 1 != parent.level()) refuse(hash, "wrong level");
  if (child.rows() != parent.child_rows(i)) refuse(hash, "wrong row count");
  Bytes key;
  parent.copy_key(i, key);
  if (child.compare_key(child.size() - 1, key) != 0) refuse(hash, "wrong last key");
  if (i == 0) return;
  parent.copy_key(i - 1, key);
  if (child.compare_key(0, key) <= 0) refuse(hash, "overlaps the child before it");
}

}  // namespace

const Hash& empty_root() {
  static const Hash hash = hash_object(ObjectType::node, empty_leaf());
  return hash;
}

NodePtr NodeCache::find(const Hash& hash, CacheRef& ref) {
  const auto it = index_.find(hash);
  if (it == index_.end()) return nullptr;
  ref = {it->second, slots_[it->second].generation};
  return NodePtr(find(ref));
}

CacheRef NodeCache::insert(const Hash& hash, NodePtr node) {
  const std::size_t needed = cost(*node);
  if (needed > budget_) return {};
  make_room(needed);
  const std::uint32_t i = free_slot();
  hashes_[i] = &index_.emplace(hash, i).first->first;
  free_.pop_back();
  slots_[i].node = std::move(node);
  slots_[i].recently_used = false;
  used_ += needed;
  return {i, slots_[i].generation};
}

void NodeCache::retire(CacheRef ref) {
  if (!find(ref)) return;
  Slot& slot = slots_[ref.slot];
  slot.recently_used = false;
  ++slot.retirements;
  retired_.push_back(ref);
  if (retired_.size() > kMostRetired) let_oldest_go();
}

void NodeCache::let_oldest_go() {
  const CacheRef oldest = retired_.front();
  retired_.pop_front();
  Slot& slot = slots_[oldest.slot];
  if (slot.generation != oldest.generation) return;
  if (--slot.retirements == 0 && !slot.recently_used) evict(oldest.slot);
}

void NodeCache::clear() {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].node) evict(i);
  }
}

std::size_t NodeCache::cost(const Node& node) {
  constexpr std::size_t kSlot = sizeof(Slot) + sizeof(const Hash*) + sizeof(std::uint32_t);
  constexpr std::size_t kIndexEntry = sizeof(decltype(index_)::value_type) + 3 * sizeof(void*);
  return node.footprint() + kSlot + kIndexEntry;
}

void NodeCache::make_room(std::size_t needed) {
  while (used_ + needed > budget_) {
    hand_ = (hand_ + 1) % static_cast<std::uint32_t>(slots_.size());
    Slot& slot = slots_[hand_];
    if (!slot.node) continue;
    if (slot.recently_used) {
      slot.recently_used = false;
    } else {
      evict(hand_);
    }
  }
}

void NodeCache::evict(std::uint32_t i) {
  Slot& slot = slots_[i];
  used_ -= cost(*slot.node);
  index_.erase(index_.find(*hashes_[i]));
  slot.node.reset();
  slot.retirements = 0;
  if (++slot.generation == 0) slot.generation = 1;
  free_.push_back(i);
}

std::uint32_t NodeCache::free_slot() {
  if (free_.empty()) {
    hashes_.resize(slots_.size() + 1);
    slots_.emplace_back();
    if (free_.capacity() < slots_.size()) free_.reserve(2 * slots_.size());
    free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
  }
  return free_.back();
}

NodePtr NodeStore::get(const Hash& hash) {
  CacheRef ref;
  return find(hash, ref);
}

Hash NodeStore::put(BytesView body, bool cached) {
  const Hash hash = chunks_.write(ObjectType::node, body);
  CacheRef ref;
  if (cached && !cache_.find(hash, ref)) cache_.insert(hash, Node::decode(Bytes(body)));
  return hash;
}

void NodeStore::retire_root(const Hash& root) {
  CacheRef ref;
  if (cache_.find(root, ref)) cache_.retire(ref);
}

NodePtr NodeStore::find(const Hash& hash, CacheRef& ref) {
  if (NodePtr cached = cache_.find(hash, ref)) return cached;
  NodePtr node =
      Node::decode(hash == empty_root() ? empty_leaf() : chunks_.read(ObjectType::node, hash));
  ref = cache_.insert(hash, node);
  return node;
}

NodePtr NodeStore::find_child(const Node& parent, std::size_t i) {
  CacheRef ref;
  NodePtr node = find(parent.child_hash(i), ref);
  check_child(parent, i, *node);
  parent.child_ref(i) = ref;
  return node;
}

}  // namespace vkv
