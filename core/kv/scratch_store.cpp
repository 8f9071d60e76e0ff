#include "core/kv/scratch_store.h"

#include "core/kv/overlay.h"

namespace vkv {

std::optional<Bytes> ScratchStore::get(std::string_view key) {
  const auto written = writes_.find(key);
  return written == writes_.end() ? beneath_.get(key) : written->second;
}

void ScratchStore::set_many(std::span<const Entry> entries) {
  Writes batch;
  for (const auto& [key, value] : entries) batch.insert_or_assign(std::string(key), Bytes(value));
  if (memory_ == Memory::latest_batch) writes_.clear();
  add(std::move(batch));
}

void ScratchStore::remove_many(std::span<const std::string_view> keys) {
  Writes batch;
  for (const std::string_view key : keys) batch.emplace(key, std::nullopt);
  add(std::move(batch));
}

bool ScratchStore::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  if (get(key) != expected) return false;
  writes_.insert_or_assign(std::string(key), Bytes(value));
  return true;
}

void ScratchStore::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  overlay(
      prefix,
      [&](const EntryVisitor& visitor) {
        beneath_.visit_keys(prefix, [&](std::string_view key) { return visitor(key, {}); });
      },
      [&](std::string_view key, BytesView) { return visit(key); });
}

void ScratchStore::visit(std::string_view prefix, const EntryVisitor& visit) {
  overlay(
      prefix, [&](const EntryVisitor& visitor) { beneath_.visit(prefix, visitor); }, visit);
}

void ScratchStore::clear() {
  Writes batch;
  for (std::string& key : beneath_.keys()) batch.emplace(std::move(key), std::nullopt);
  writes_ = std::move(batch);
}

bool ScratchStore::exclusive(const std::function<void()>& body) {
  Writes before = writes_;
  try {
    body();
  } catch (...) {
    writes_ = std::move(before);
    throw;
  }
  return true;
}

// Moves map nodes and so allocates nothing: all of a batch arrives.
void ScratchStore::add(Writes batch) noexcept {
  while (!batch.empty()) {
    auto added = writes_.insert(batch.extract(batch.begin()));
    if (!added.inserted) added.position->second = std::move(added.node.mapped());
  }
}

void ScratchStore::overlay(std::string_view prefix,
                           const std::function<void(const EntryVisitor&)>& visit_beneath,
                           const EntryVisitor& visit) {
  visit_overlay(writes_, prefix, visit_beneath, visit,
                [](const Bytes& value) { return BytesView(value); });
}

}  // namespace vkv
