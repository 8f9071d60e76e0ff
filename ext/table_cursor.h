// TableCursor: the rows of a query on a version, staged rows merged over the tree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ext/key_query.h"
#include "ext/staged_walk.h"
#include "ext/tree_walk.h"
#include "ext/version.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

// Reads the version as it was when filter() was called, whatever is written to it meanwhile: the
// base tree is immutable, and staged rows are set aside before they change (ext/staged_table.h).
// Where nothing is staged it runs no SQL and allocates nothing for a row. Lazy. The table must
// outlive it. After the base was rolled back, reading on may throw StorageError with
// SQLITE_ABORT_ROLLBACK.
class TableCursor {
 public:
  // Of the rows whose keys start with `prefix`, which the cursor's own keys leave out.
  explicit TableCursor(VersionedTable& table, Bytes prefix = {})
      : table_(table), prefix_(std::move(prefix)) {}
  TableCursor(const TableCursor&) = delete;
  TableCursor& operator=(const TableCursor&) = delete;

  // To the first row; the arguments are those of KeyQuery::read(). Of the session's workspace:
  void filter(std::string_view operators, bool descending, std::span<sqlite3_value* const> values);
  // Of any version:
  void filter(const Version& version, std::string_view operators, bool descending,
              std::span<sqlite3_value* const> values);
  void next();
  bool at_end() const { return source_ == Source::none; }

  // Of the row, unless at_end(); the view lives until the cursor moves or the table is written to.
  BytesView key() { return full_key().substr(prefix_.size()); }
  void set_value(sqlite3_context* context);

  // Lets go of what is staged. The path into the base tree is kept, for the next filter().
  void close();

 private:
  enum class Source { none, base, staged };

  // A key of a list, with what is staged under it.
  struct Listed {
    BytesView key;  // in query_
    std::optional<StagedRow> staged;
  };

  // False when the query leaves no key.
  bool read_query(std::string_view operators, bool descending,
                  std::span<sqlite3_value* const> values);
  void start(const Version& version);
  // Runs read(), which reads from the base.
  template <typename Read>
  auto reading(const Read& read);
  void look_up(std::optional<StagedRow> staged, BytesView key);
  void start_list(std::optional<std::int64_t> workspace);
  void next_listed();
  void start_range(std::optional<std::int64_t> workspace);
  void next_in_range();
  // Puts the cursor on whichever comes first.
  void merge();
  bool staged_comes_first();
  BytesView full_key();

  VersionedTable& table_;
  Bytes prefix_;
  KeyQuery query_;
  bool descending_ = false;
  bool touches_ = false;  // the keys it looks up: those of other versions are not touched
  Source source_ = Source::none;
  TreeWalk base_;
  unsigned long long epoch_ = 0;  // the connection's, at filter()

  // Ranges: the rows staged in it.
  StagedWalk staged_;
  // Single keys: what is staged under it.
  std::optional<StagedRow> staged_row_;
  // Lists: what is to come, the next one last.
  std::vector<Listed> listed_;
};

}  // namespace vkv::ext
