// ScratchStore: a store to try things in.
#pragma once

#include <map>

#include "core/kv/kvstore.h"

namespace vkv {

// Reads through to a store and keeps what is written to itself, in memory; the store beneath never
// changes. It must outlive this and not be written to meanwhile. Not thread-safe.
class ScratchStore final : public KVStore {
 public:
  // What is remembered of set_many(): everything, or the latest batch only, for work that writes
  // much and reads back none of it, or only what it wrote last.
  enum class Memory { everything, latest_batch };

  explicit ScratchStore(KVStore& beneath, Memory memory = Memory::everything)
      : beneath_(beneath), memory_(memory) {}

  std::optional<Bytes> get(std::string_view key) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;
  bool exclusive(const std::function<void()>& body) override;

 private:
  using Writes = std::map<std::string, std::optional<Bytes>, std::less<>>;  // absent: removed

  void add(Writes batch) noexcept;
  // Runs visit_beneath(visitor) and hands `visit` what it visits, with the writes in their places.
  void overlay(std::string_view prefix,
               const std::function<void(const EntryVisitor&)>& visit_beneath,
               const EntryVisitor& visit);

  KVStore& beneath_;
  Memory memory_;
  Writes writes_;
};

}  // namespace vkv
