// Memory: a KVStore in the process's memory.
#pragma once

#include <boost/container/map.hpp>
#include <mutex>
#include <vector>

#include "core/kv/kvstore.h"

namespace vkv {

// Thread-safe: every operation is atomic. visit() and exclusive() hold the lock throughout; inside
// them the same thread may use the store.
class Memory final : public KVStore {
 public:
  using Map = boost::container::map<std::string, Bytes, std::less<>>;

  std::optional<Bytes> get(std::string_view key) override;
  Entries get_many(std::span<const std::string_view> keys) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;
  bool exclusive(const std::function<void()>& body) override;

  // The entries themselves, for debugging: not to be read while another thread writes.
  const Map& memory() const { return map_; }

 private:
  // What undoing one change takes. Holding the displaced node, it allocates nothing.
  struct Change {
    std::string key;
    Map::node_type displaced;  // empty: the key was not there
  };

  // Undoes the changes made since, unless told to keep them.
  class Transaction;

  void put(std::string_view key, BytesView value);
  void displace(std::string_view key);

  std::recursive_mutex mutex_;
  Map map_;
  std::vector<Change> journal_;  // of the outermost open transaction
  unsigned open_transactions_ = 0;
};

}  // namespace vkv
