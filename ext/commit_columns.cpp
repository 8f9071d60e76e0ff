#include "ext/commit_columns.h"

#include "ext/sql_value.h"
#include "ext/timestamp.h"

namespace vkv::ext {

void set_text(sqlite3_context* context, BytesView text) {
  set_result(context, {ValueType::text, text});
}

void set_text(sqlite3_context* context, const std::optional<Bytes>& text) {
  if (text) set_text(context, BytesView(*text));
}

void set_hash(sqlite3_context* context, const Hash& hash) {
  set_text(context, BytesView(hash.hex()));
}

void set_time(sqlite3_context* context, std::optional<std::int64_t> time) {
  if (time) set_text(context, BytesView(format_timestamp(*time)));
}

void set_kind(sqlite3_context* context, DiffKind kind) {
  switch (kind) {
    case DiffKind::added:
      return set_text(context, BytesView("added"));
    case DiffKind::removed:
      return set_text(context, BytesView("removed"));
    case DiffKind::modified:
      return set_text(context, BytesView("modified"));
  }
}

void set_hashes(sqlite3_context* context, const std::vector<Hash>& hashes) {
  Bytes json = "[";
  for (const Hash& hash : hashes) json += (json.size() > 1 ? ",\"" : "\"") + hash.hex() + '"';
  set_text(context, BytesView(json + ']'));
}

}  // namespace vkv::ext
