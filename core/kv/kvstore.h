// KVStore: all the engine needs from storage. An author of a backend reads this file alone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/bytes.h"

namespace vkv {

// Bytes by key, in memcmp order of keys. Any byte may occur in keys and values; both may be empty.
//
// Errors: a backend that fails throws StorageError and has then changed nothing. Threads: as each
// backend states. A visitor must not write to the store it visits.
class KVStore {
 public:
  using Entry = std::pair<std::string_view, BytesView>;
  using Entries = std::map<std::string, Bytes>;
  // Return false to stop.
  using KeyVisitor = std::function<bool(std::string_view key)>;
  using EntryVisitor = std::function<bool(std::string_view key, BytesView value)>;

  KVStore() = default;
  KVStore(const KVStore&) = delete;
  KVStore& operator=(const KVStore&) = delete;
  virtual ~KVStore() = default;

  // To be implemented by every backend.

  virtual std::optional<Bytes> get(std::string_view key) = 0;
  // All of `entries` or none; a key given twice ends with its last value.
  virtual void set_many(std::span<const Entry> entries) = 0;
  // All or none; missing keys are no error.
  virtual void remove_many(std::span<const std::string_view> keys) = 0;
  // Atomically: if the current value equals `expected` (absent: if the key does not exist), sets
  // `value` and returns true; otherwise changes nothing and returns false.
  virtual bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) = 0;
  // Visits every key starting with `prefix`, in memcmp order, as of one moment.
  virtual void visit_keys(std::string_view prefix, const KeyVisitor& visit) = 0;
  virtual void visit(std::string_view prefix, const EntryVisitor& visit) = 0;
  virtual void clear() = 0;

  // With defaults in terms of those above.

  virtual void set(std::string_view key, BytesView value);
  virtual void remove(std::string_view key);
  virtual bool contains(std::string_view key);
  // The existing ones among `keys`.
  virtual Entries get_many(std::span<const std::string_view> keys);
  std::vector<std::string> keys(std::string_view prefix = {});
  Entries items(std::string_view prefix = {});

  // Runs `body` while no other writer can change the store, all of its writes atomic, and returns
  // true; or returns false, without running it, where the store cannot do that (the default). An
  // exception from `body` undoes its writes and passes on.
  virtual bool exclusive(const std::function<void()>& body);
};

}  // namespace vkv
