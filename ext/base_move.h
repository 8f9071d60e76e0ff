// BaseMove: what becomes of staged rows when their workspace stands on another commit.
#pragma once

#include <optional>
#include <vector>

#include "core/tree/cursor.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

// Staged rows are relative to a base. On another one each of them
//   goes           equal to what is there now, it is no change any more;
//   stays          the base says about its key what it said before; or
//   is contested   the base changed too, in another way, over which it would pass in silence.
class BaseMove {
 public:
  enum class Fate { stays, goes, contested };

  // The table must outlive it.
  BaseMove(VersionedTable& table, const Hash& from, const Hash& to);

  // Of the row staged under the key; absent: its removal. Keys must be asked for in order.
  Fate fate(BytesView key, const std::optional<ValueView>& staged);

 private:
  ChunkStore& chunks_;
  Cursor from_;
  Cursor to_;
};

// All workspaces of the branch whose head was `before` and is `after`, a commit that shares no
// history with it and whose rows are among its: moves them there with what they have staged, in
// which a change of a row that is gone becomes an addition. A workspace that stood on another
// commit than `before`, and has staged what `before` has changed in another way, is left where it
// is.
void move_workspaces(VersionedTable& table, std::string_view branch, const Hash& before,
                     const Hash& after);

}  // namespace vkv::ext
