// Hashed chunks over a KVStore: what is written is batched, what is read is verified.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/kv/kvstore.h"

namespace vkv {

// The first hashed byte of every object, and the first byte of its key in the KVStore; so an object
// of one type is never taken for another. The letters are persisted.
enum class ObjectType : char { node = 'n', blob = 'b', list = 'l', commit = 'c' };

// hash = SHA-256(type letter, body); stored under (type letter, 32 raw hash bytes).
Hash hash_object(ObjectType type, BytesView body);
Bytes object_key(ObjectType type, const Hash& hash);

// What the KVStore holds for an object: its body, and what is stored beside it but not hashed (a
// commit's birth time; the other types have none).
struct StoredObject {
  BytesView body;
  BytesView trailer;
};
// Borrows from `stored`. Throws Corruption when it cannot be taken apart.
StoredObject split_object(ObjectType type, BytesView stored);

// Not thread-safe. The KVStore must outlive it.
class ChunkStore {
 public:
  // What is pending is written out once it exceeds `batch_bytes`; a store whose caller holds one
  // transaction around everything may set that low, others keep a commit in one batch.
  explicit ChunkStore(KVStore& kv,
                      std::size_t batch_bytes = std::numeric_limits<std::size_t>::max());

  // The object's body. Throws Corruption when it is missing or its bytes do not have that hash.
  Bytes read(ObjectType type, const Hash& hash);
  // The same, absent when missing.
  std::optional<Bytes> find(ObjectType type, const Hash& hash);

  // Queues the object; visible to read() at once, to other readers of the KVStore after flush().
  // `trailer`, at most 255 bytes, is for commits alone.
  Hash write(ObjectType type, BytesView body, BytesView trailer = {});
  // Writes everything pending in one batch, in the order it was queued. Should that fail, it stays
  // pending.
  void flush();
  // Forgets everything pending.
  void discard();

  // Called on every read and write, so that long work can be interrupted by throwing from it.
  void set_checkpoint(std::function<void()> checkpoint) { checkpoint_ = std::move(checkpoint); }
  void checkpoint() const {
    if (checkpoint_) checkpoint_();
  }

  KVStore& kv() { return kv_; }
  // Chunks fetched from the KVStore so far, and chunks pending: what tests of cost count.
  std::size_t reads() const { return reads_; }
  std::size_t pending() const { return pending_.size(); }

 private:
  // Of memory, from batch to batch.
  static constexpr std::size_t kMostKept = std::size_t{256} << 10;

  KVStore& kv_;
  std::size_t batch_bytes_;
  std::size_t pending_bytes_ = 0;
  Arena memory_;
  std::vector<KVStore::Entry> pending_;          // borrow from memory_
  std::unordered_map<Hash, std::size_t> index_;  // into pending_
  std::function<void()> checkpoint_;
  std::size_t reads_ = 0;
};

}  // namespace vkv
