// Staged rows as the core takes edits.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/tree/chunk_store.h"
#include "core/tree/mutate.h"
#include "ext/staged_table.h"

namespace vkv::ext {

// Whether what a tree holds under a key and what is staged there are the same; absent: no such key.
// Loads a large value only to compare it with another of its size.
bool equal_values(ChunkStore& chunks, const std::optional<StoredValue>& stored,
                  const std::optional<ValueView>& staged);

// Reads `rows` front to back; the chunks of large values are queued in `chunks`, which must outlive
// this.
class StagedEdits final : public EditSource {
 public:
  using Filter = std::function<bool(BytesView key)>;

  // Null `rows`: none. Only the rows whose key `only` accepts; empty: all.
  StagedEdits(std::unique_ptr<StagedTable::Scan> rows, ChunkStore& chunks, Filter only = {})
      : rows_(std::move(rows)), chunks_(chunks), only_(std::move(only)) {}

  bool next(Edit& edit) override;

 private:
  std::unique_ptr<StagedTable::Scan> rows_;
  ChunkStore& chunks_;
  Filter only_;
  Bytes scratch_;
};

}  // namespace vkv::ext
