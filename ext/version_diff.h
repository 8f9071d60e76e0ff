// VersionDiff: the differences of two versions, either of which may have uncommitted changes.
#pragma once

#include <cstdint>
#include <optional>

#include "core/tree/diff.h"
#include "ext/key_range.h"
#include "ext/staged_walk.h"
#include "ext/version.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

// In key order, as of the moment it is made. The differences of the trees and the staged rows are
// walked side by side; neither is held. A staged row differs from its tree but need not from the
// other version. The table must outlive it. Any call may throw Corruption.
class VersionDiff {
 public:
  // If both have staged rows, they are of one workspace.
  VersionDiff(VersionedTable& table, const Version& before, const Version& after);

  // To before the first difference in `range`, which must live until the next start, and lie above
  // the one before.
  void start(const KeyRange& range);
  bool next();

  // Of the difference; views live until next() or start().
  BytesView key() const;
  DiffKind kind() const;
  // NULL where there is no row.
  void set_before(sqlite3_context* context) const { set_value(context, reversed_); }
  void set_after(sqlite3_context* context) const { set_value(context, !reversed_); }

 private:
  void next_in_tree() { in_tree_ = tree_.next(difference_); }
  // To whichever comes first, if one does.
  bool merge();
  std::optional<StoredValue> base_value(BytesView key);
  bool exists_before() const;
  bool exists_after() const;
  void set_value(sqlite3_context* context, bool after) const;

  VersionedTable& table_;
  // Of two versions, the one with staged rows is looked at as the later.
  bool reversed_;
  std::optional<std::int64_t> workspace_;
  DiffCursor tree_;
  Cursor base_;  // what the staged rows lie over
  const KeyRange* range_ = nullptr;

  Difference difference_;  // of the trees, when in_tree_
  bool in_tree_ = false;
  StagedWalk staged_;
  // The difference is the trees', or a staged row's, or made of both.
  bool from_tree_ = false;
  bool from_staged_ = false;
  std::optional<StoredValue> before_;  // of a staged row
};

}  // namespace vkv::ext
