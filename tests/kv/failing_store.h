// FailingStore: a store that fails when it is told to.
#pragma once

#include <cstddef>
#include <limits>

#include "core/base/error.h"
#include "core/kv/kvstore.h"

namespace vkv {

class InjectedFailure : public StorageError {
 public:
  InjectedFailure() : StorageError(0, "injected failure") {}
};

// Passes every call on to the store beneath, which must outlive this, or throws InjectedFailure in
// its stead. Every method of KVStore counts as one call, set() and remove() as the batches they
// are.
class FailingStore final : public KVStore {
 public:
  explicit FailingStore(KVStore& beneath) : beneath_(beneath) {}

  // The calls so far, failed ones included.
  std::size_t calls() const { return calls_; }
  // The n-th call from now on fails (1: the next one).
  void fail_at(std::size_t n) { fail(calls_ + n, calls_ + n); }
  // The same, and every call after it.
  void fail_from(std::size_t n) { fail(calls_ + n, std::numeric_limits<std::size_t>::max()); }
  void repair() { fail(1, 0); }

  std::optional<Bytes> get(std::string_view key) override { return called().get(key); }
  bool contains(std::string_view key) override { return called().contains(key); }
  Entries get_many(std::span<const std::string_view> keys) override {
    return called().get_many(keys);
  }
  void set_many(std::span<const Entry> entries) override { called().set_many(entries); }
  void remove_many(std::span<const std::string_view> keys) override { called().remove_many(keys); }
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override {
    return called().cas(key, value, expected);
  }
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override {
    called().visit_keys(prefix, visit);
  }
  void visit(std::string_view prefix, const EntryVisitor& visit) override {
    called().visit(prefix, visit);
  }
  void clear() override { called().clear(); }
  bool exclusive(const std::function<void()>& body) override { return called().exclusive(body); }

 private:
  void fail(std::size_t first, std::size_t last) {
    first_ = first;
    last_ = last;
  }
  KVStore& called() {
    ++calls_;
    if (first_ <= calls_ && calls_ <= last_) throw InjectedFailure();
    return beneath_;
  }

  KVStore& beneath_;
  std::size_t calls_ = 0;
  std::size_t first_ = 1;
  std::size_t last_ = 0;
};

}  // namespace vkv
