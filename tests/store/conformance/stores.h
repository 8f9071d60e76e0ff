// What the conformance tests work with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/store/gc_versioned.h"
#include "core/store/live.h"
#include "core/store/namespaced.h"
#include "core/store/staged.h"
#include "core/store/versioned.h"

namespace vkv {

using Keys = std::vector<std::string>;
using Entries = KVStore::Entries;

// No commit has this hash.
inline const std::string kUnknownCommit(64, 'f');

inline Keys to_keys(const LazyKeys& lazy) {
  Keys keys;
  for (const std::string& key : lazy) keys.push_back(key);
  return keys;
}

inline Entries items(Versioned& versioned) {
  Entries all;
  for (const std::string& key : versioned.keys()) all[key] = *versioned.get(key);
  return all;
}

inline Keys commits_of(Stream<HistoryEntry> history) {
  Keys commits;
  for (const HistoryEntry& entry : history) commits.push_back(entry.commit);
  return commits;
}

// Two writers that start from the same commit of the same store.
struct TwoWriters {
  TwoWriters() : TwoWriters{{"base", "0"}} {}
  TwoWriters(std::initializer_list<Updates::value_type> start) {
    ours.commit(start);
    theirs.refresh();
  }

  std::shared_ptr<Memory> kv = std::make_shared<Memory>();
  Versioned ours{kv};
  Versioned theirs{kv};
};

// A merge function that answers all it was asked, as "old|ours|theirs" with "-" for absent.
inline MergeFn tell() {
  return [](std::optional<BytesView> old, std::optional<BytesView> ours,
            std::optional<BytesView> theirs) -> std::optional<Bytes> {
    return Bytes(old.value_or("-")) + "|" + Bytes(ours.value_or("-")) + "|" +
           Bytes(theirs.value_or("-"));
  };
}

// A merge function that always answers `value`.
inline MergeFn always(std::optional<Bytes> value) {
  return [value](std::optional<BytesView>, std::optional<BytesView>, std::optional<BytesView>) {
    return value;
  };
}

inline MergeFn throwing(const char* message) {
  return [message](std::optional<BytesView>, std::optional<BytesView>,
                   std::optional<BytesView>) -> std::optional<Bytes> {
    throw std::runtime_error(message);
  };
}

inline MergeFn declining() {
  return [](std::optional<BytesView>, std::optional<BytesView>,
            std::optional<BytesView>) -> std::optional<Bytes> { throw MergeDeclined(); };
}

// Forwards to a store, counts, and lets a test interfere.
class InterposedStore final : public KVStore {
 public:
  explicit InterposedStore(std::shared_ptr<KVStore> beneath) : beneath_(std::move(beneath)) {}

  // Runs once, when the next compare-and-swap, or exclusive section around one, is about to begin.
  std::function<void()> before_swap;
  // Run once, before the next removal, and before keys are visited next.
  std::function<void()> before_removal;
  std::function<void()> before_visit;
  bool fail_batches = false;  // set_many() throws
  bool has_exclusive = true;  // whether exclusive() runs its body
  int reads = 0;
  int writes = 0;
  int visited_keys = 0;
  std::vector<std::vector<std::string>> batches;  // the keys of each

  bool is_in_exclusive() const { return depth_ > 0; }

  std::optional<Bytes> get(std::string_view key) override {
    ++reads;
    return beneath_->get(key);
  }
  void set_many(std::span<const Entry> entries) override {
    if (fail_batches) throw StorageError(13, "full");
    ++writes;
    batches.emplace_back();
    for (const auto& entry : entries) batches.back().emplace_back(entry.first);
    beneath_->set_many(entries);
  }
  void remove_many(std::span<const std::string_view> keys) override {
    once(before_removal);
    ++writes;
    beneath_->remove_many(keys);
  }
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override {
    once(before_swap);
    ++writes;
    return beneath_->cas(key, value, expected);
  }
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override {
    once(before_visit);
    beneath_->visit_keys(prefix, [&](std::string_view key) {
      ++visited_keys;
      return visit(key);
    });
  }
  void visit(std::string_view prefix, const EntryVisitor& visit) override {
    beneath_->visit(prefix, visit);
  }
  void clear() override { beneath_->clear(); }
  bool exclusive(const std::function<void()>& body) override {
    once(before_swap);
    if (!has_exclusive) return false;
    return beneath_->exclusive([&] {
      auto later = std::exchange(before_swap, nullptr);
      ++depth_;
      body();
      --depth_;
      before_swap = std::move(later);
    });
  }

 private:
  static void once(std::function<void()>& planned) {
    if (const auto act = std::exchange(planned, nullptr)) act();
  }

  std::shared_ptr<KVStore> beneath_;
  int depth_ = 0;
};

// 20 000 keys, in some hundred nodes.
inline Updates many_updates() {
  Updates many;
  for (int i = 100'000; i < 120'000; ++i) many.emplace("key" + std::to_string(i), "value");
  return many;
}

}  // namespace vkv
