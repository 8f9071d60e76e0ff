// A store with what every backend must have and nothing more: no exclusive section.
#pragma once

#include "core/kv/memory.h"

namespace vkv {

class CasOnlyStore : public KVStore {
 public:
  std::optional<Bytes> get(std::string_view key) override { return memory_.get(key); }
  void set_many(std::span<const Entry> entries) override { memory_.set_many(entries); }
  void remove_many(std::span<const std::string_view> keys) override { memory_.remove_many(keys); }
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override {
    return memory_.cas(key, value, expected);
  }
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override {
    memory_.visit_keys(prefix, visit);
  }
  void visit(std::string_view prefix, const EntryVisitor& visit) override {
    memory_.visit(prefix, visit);
  }
  void clear() override { memory_.clear(); }

 private:
  Memory memory_;
};

}  // namespace vkv
