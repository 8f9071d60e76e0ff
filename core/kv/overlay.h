// Pending writes laid over the entries of a store.
#pragma once

#include <functional>
#include <string_view>

#include "core/kv/kvstore.h"

namespace vkv {

// Visits, in memcmp order, the entries beneath whose keys have the prefix, each replaced by what
// `writes` (key to optional value; absent: removed) has under its key, and the other writes in
// their places. `visit_beneath(visitor)` visits the entries beneath; `bytes(value)` are a written
// value's.
template <typename Writes, typename Bytes>
void visit_overlay(const Writes& writes, std::string_view prefix,
                   const std::function<void(const KVStore::EntryVisitor&)>& visit_beneath,
                   const KVStore::EntryVisitor& visit, const Bytes& bytes) {
  auto next = writes.lower_bound(prefix);
  bool more = true;
  const auto visit_writes = [&](const auto& in_turn) {
    for (; more && next != writes.end() && next->first.starts_with(prefix); ++next) {
      if (!in_turn(next->first)) return;
      if (next->second) more = visit(next->first, bytes(*next->second));
    }
  };
  visit_beneath([&](std::string_view key, BytesView value) {
    visit_writes([&](std::string_view written) { return written <= key; });
    if (more && !writes.contains(key)) more = visit(key, value);
    return more;
  });
  visit_writes([](std::string_view) { return true; });
}

}  // namespace vkv
