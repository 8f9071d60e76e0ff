// StagedBuffer: staged rows that wait in memory for their transaction to need them in a table.
//
// Nobody but its own connection sees what an open transaction stages. So its rows need not be in
// <t>_staged before something could undo a part of them, or the transaction ends; and those that
// vkv_commit takes never get there. SQLite's FTS5 does the same with the index of new rows. A
// savepoint writes them out, and so undoing stays SQLite's business: what waits here is always
// newer than the latest savepoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/hash.h"
#include "core/tree/value.h"

namespace vkv::ext {

// What is staged under a key, absent for a removal: borrowed, and copied.
inline std::optional<ValueView> view_of(const std::optional<Value>& staged) {
  return staged ? std::optional<ValueView>(*staged) : std::nullopt;
}
inline std::optional<Value> copy_of(const std::optional<ValueView>& staged) {
  return staged ? std::optional<Value>(*staged) : std::nullopt;
}

// Of one vkv table and one of its workspaces at a time. While it holds a workspace, <t>_staged has
// no row of it (unless it is torn), and its row in <t>_workspace need not tell its base.
class StagedBuffer {
 public:
  // In key order; an absent value is a removal.
  using Rows = std::map<Bytes, std::optional<Value>, std::less<>>;
  struct Contents {
    std::int64_t workspace = 0;
    Hash base;
    std::shared_ptr<Rows> rows;
    std::size_t bytes = 0;  // about what they take in memory
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
  // Whether the table may have some of the rows too: writing them failed half-way. Nothing changes
  // here then before it has succeeded.
  bool is_torn() const { return is_torn_; }
  // Only of the workspace held.
  const Hash& base() const { return contents_->base; }
  // Lives on when it is not held any more; changes with every write while it is.
  std::shared_ptr<const Rows> rows() const { return contents_->rows; }

  // Makes ready for a write to the workspace: it need not be held any more afterwards. Returns
  // whether it is.
  bool ready_to_write(std::int64_t workspace);
  // Only when ready.
  void put(BytesView key, const std::optional<ValueView>& value);
  // Returns false, having done nothing, when there is a row of this key.
  bool insert(BytesView key, ValueView value);
  // Returns whether there was such a row.
  bool erase(BytesView key);
  // Holds nothing any more. Not while torn, but with the transaction, which takes back what the
  // table has.
  void clear() {
    contents_.reset();
    is_torn_ = false;
  }

  // Writes all of it to the tables, and holds nothing any more.
  void write_out();

  // The transaction was undone to a savepoint.
  void undo();

 private:
  // About how much a row takes beyond its key and value.
  static constexpr std::size_t kRowBytes = 160;
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;

  Writer write_;
  bool is_writing_ = false;
  bool is_torn_ = false;
  std::optional<Contents> contents_;
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
