// StagedBuffer: staged rows that wait in memory for their transaction to need them in a table.
//
// Nobody but its own connection sees what an open transaction stages. So its rows need not be in
// <t>_staged before something could undo a part of them, or the transaction ends; and those that
// vkv_commit takes never get there. SQLite's FTS5 does the same with the index of new rows. A
// savepoint writes them out, and so undoing stays SQLite's business: what waits here is always
// newer than the latest savepoint. What is more than fits here is written in batches in key order,
// which is two to three times as fast as row by row in any order (as in a log-structured merge
// tree).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/hash.h"
#include "ext/staged_rows.h"

namespace vkv::ext {

// Of one vkv table and one of its workspaces at a time. While it holds a workspace, the rows here
// are newer than those that <t>_staged has of it, and its row in <t>_workspace need not tell its
// base.
class StagedBuffer {
 public:
  struct Contents {
    std::int64_t workspace = 0;
    Hash base;
    std::shared_ptr<StagedRows> rows;
    bool has_all = true;
    bool has_written = false;
    bool is_batch = false;  // the statement that writes more goes on, and will set changes()
  };
  // Writes them to the tables; what was written when it throws may be written again.
  using Writer = std::function<void(const Contents&)>;

  explicit StagedBuffer(Writer write) : write_(std::move(write)) {}

  bool is_free() const { return !contents_; }
  // Holds the workspace, which has nothing staged, with this base. Only while free.
  void start(std::int64_t workspace, const Hash& base);

  bool holds(std::int64_t workspace) const {
    return contents_ && contents_->workspace == workspace;
  }
  // Only of the workspace held.
  const Hash& base() const { return contents_->base; }
  // Whether every row of the workspace is here: no batch was written.
  bool has_all() const { return contents_->has_all; }
  // Whether the table may have rows of the workspace, which those of the same keys here replace: a
  // batch was written, or writing failed half-way.
  bool has_written() const { return contents_->has_written; }
  // Lives on when it is not held any more; changes with every write while it is.
  std::shared_ptr<const StagedRows> rows() const { return contents_->rows; }

  // Whether the workspace is held, with room for a row: writes a batch where there was none.
  bool ready_to_write(std::int64_t workspace);
  // These as of StagedRows, and only when ready.
  void put(BytesView key, const std::optional<ValueView>& value) {
    contents_->rows->put(key, value);
  }
  bool insert(BytesView key, ValueView value) { return contents_->rows->insert(key, value); }
  bool erase(BytesView key);
  // Holds nothing any more. What the table has stays.
  void clear() noexcept;

  // Writes all of it to the tables, and holds nothing any more.
  void write_out();

  // The transaction was undone to a savepoint.
  void undo();

 private:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;
  // Of memory, from one transaction to the next.
  static constexpr std::size_t kMostKept = std::size_t{4} << 20;

  // False where a scan still reads the rows: they are left to it.
  bool empty_rows(std::size_t kept) noexcept;
  void write(bool is_batch);
  void write_batch();

  Writer write_;
  bool is_writing_ = false;
  std::optional<Contents> contents_;
  std::shared_ptr<StagedRows> spare_;  // for the next contents; may be null
};

// Those of one connection that may hold something. SQLite tells every table that is in a
// transaction of the same savepoints: whichever hears of one tells all.
class StagedBuffers {
 public:
  void add(StagedBuffer& buffer) { buffers_.push_back(&buffer); }
  void remove(StagedBuffer& buffer) { std::erase(buffers_, &buffer); }

  // Whether a row that is written now may be the first in one: if it came by a table that hears
  // when it is undone.
  bool are_open() const { return are_open_; }
  void set_open(bool open) { are_open_ = open; }

  void write_out();
  void undo();
  void clear();

 private:
  std::vector<StagedBuffer*> buffers_;
  bool are_open_ = false;
};

}  // namespace vkv::ext
