#include "core/kv/memory.h"

namespace vkv {

class Memory::Transaction {
 public:
  explicit Transaction(Memory& store) : store_(store), mark_(store.journal_.size()) {
    ++store_.open_transactions_;
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  ~Transaction() {
    if (!kept_) undo();
    if (--store_.open_transactions_ == 0) store_.journal_.clear();
  }

  void keep() { kept_ = true; }

 private:
  void undo() {
    while (store_.journal_.size() > mark_) {
      Change& change = store_.journal_.back();
      if (const auto it = store_.map_.find(change.key); it != store_.map_.end()) {
        store_.map_.erase(it);
      }
      if (change.displaced) store_.map_.insert(std::move(change.displaced));
      store_.journal_.pop_back();
    }
  }

  Memory& store_;
  const std::size_t mark_;
  bool kept_ = false;
};

std::optional<Bytes> Memory::get(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto it = map_.find(key);
  if (it == map_.end()) return std::nullopt;
  return it->second;
}

KVStore::Entries Memory::get_many(std::span<const std::string_view> keys) {
  const std::lock_guard lock(mutex_);
  return KVStore::get_many(keys);
}

void Memory::set_many(std::span<const Entry> entries) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  for (const auto& [key, value] : entries) put(key, value);
  transaction.keep();
}

void Memory::remove_many(std::span<const std::string_view> keys) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  for (const std::string_view key : keys) displace(key);
  transaction.keep();
}

bool Memory::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  const std::lock_guard lock(mutex_);
  const auto it = map_.find(key);
  const bool matches = it == map_.end() ? !expected.has_value() : expected == BytesView(it->second);
  if (matches) set(key, value);
  return matches;
}

void Memory::visit_keys(std::string_view prefix, const KeyVisitor& visit_key) {
  visit(prefix, [&](std::string_view key, BytesView) { return visit_key(key); });
}

void Memory::visit(std::string_view prefix, const EntryVisitor& visit_entry) {
  const std::lock_guard lock(mutex_);
  for (auto it = map_.lower_bound(prefix); it != map_.end(); ++it) {
    if (!it->first.starts_with(prefix) || !visit_entry(it->first, it->second)) return;
  }
}

void Memory::clear() {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  while (!map_.empty()) displace(map_.begin()->first);
  transaction.keep();
}

bool Memory::exclusive(const std::function<void()>& body) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this);
  body();
  transaction.keep();
  return true;
}

void Memory::put(std::string_view key, BytesView value) {
  displace(key);
  map_.emplace(std::string(key), Bytes(value));
}

void Memory::displace(std::string_view key) {
  journal_.push_back({std::string(key), {}});
  if (const auto it = map_.find(key); it != map_.end()) {
    journal_.back().displaced = map_.extract(it);
  }
}

}  // namespace vkv
