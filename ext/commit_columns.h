// What table functions show of commits.
#pragma once

#include <cstdint>
#include <optional>

#include "core/graph/commit.h"
#include "core/kv/sqlite.h"
#include "core/tree/diff.h"

namespace vkv::ext {

// Each makes its argument the result; absent is NULL.
void set_text(sqlite3_context* context, BytesView text);
void set_text(sqlite3_context* context, const std::optional<Bytes>& text);
// 64 hex digits.
void set_hash(sqlite3_context* context, const Hash& hash);
// ISO 8601.
void set_time(sqlite3_context* context, std::optional<std::int64_t> time);
// added, removed or modified.
void set_kind(sqlite3_context* context, DiffKind kind);
// A JSON array of hashes.
void set_hashes(sqlite3_context* context, const std::vector<Hash>& hashes);

}  // namespace vkv::ext
