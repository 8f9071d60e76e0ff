// Scanning staged rows, while they may change.
#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "ext/staged_table.h"

namespace vkv::ext {
namespace {

// What every stored value is at or above: a blob would leave out damaged keys of other types.
constexpr double kLowest = -std::numeric_limits<double>::infinity();

std::unique_ptr<Statement> take_or_make(std::vector<std::unique_ptr<Statement>>& idle, sqlite3* db,
                                        const std::string& sql) {
  if (idle.empty()) return std::make_unique<Statement>(db, sql);
  auto statement = std::move(idle.back());
  idle.pop_back();
  return statement;
}

}  // namespace

StagedTable::Scan::Scan(StagedTable& table, ScanStatements& statements, std::int64_t workspace,
                        std::optional<BytesView> lower, std::optional<BytesView> upper,
                        bool descending)
    : table_(table), statements_(statements), descending_(descending) {
  if (table.is_in_buffer(workspace)) {
    walk_buffer(lower, upper);
  } else {
    read_table(workspace, lower, upper);
  }
  table_.open_scans_.push_back(this);
}

void StagedTable::Scan::walk_buffer(std::optional<BytesView> lower,
                                    std::optional<BytesView> upper) {
  buffered_ = table_.buffer_.rows();
  const StagedRows::Map& rows = buffered_->map();
  first_ = lower ? rows.lower_bound(*lower) : rows.begin();
  last_ = upper ? rows.upper_bound(*upper) : rows.end();
  if (lower && upper && *upper < *lower) last_ = first_;
}

void StagedTable::Scan::read_table(std::int64_t workspace, std::optional<BytesView> lower,
                                   std::optional<BytesView> upper) {
  lower_ = lower.value_or(BytesView());
  upper_ = upper.value_or(BytesView());
  statement_ = take_or_make(statements_.idle, table_.db_, statements_.sql);
  statements_.idle.reserve(statements_.idle.size() + 1);  // for this one, when it comes back
  run_.emplace(*statement_);
  run_->bind_int64(1, workspace);
  if (lower) {
    run_->bind_blob(2, lower_);
  } else {
    run_->bind_double(2, kLowest);
  }
  if (upper) run_->bind_blob(3, upper_);
}

bool StagedTable::Scan::next() {
  if (run_) {
    at_row_ = next_stored();
  } else if (buffered_) {
    at_row_ = next_buffered();
  } else {
    at_row_ = next_set_aside();
  }
  return at_row_;
}

bool StagedTable::Scan::next_stored() {
  at_row_ = false;
  value_.reset();
  sql_value_.reset();
  if (!run_->step()) {
    stop_reading();
    return false;
  }
  const SqlValue key(run_->value(0));
  if (key.view().type != ValueType::blob) throw Corruption("a staged row's key is not a blob");
  key_ = key.view().bytes;
  if (!is_removal(run_->value(1), key_)) value_ = sql_value_.emplace(run_->value(2)).view();
  return true;
}

bool StagedTable::Scan::next_buffered() {
  if (first_ == last_) {
    stop_reading();
    return false;
  }
  const auto& [key, value] = descending_ ? *--last_ : *first_++;
  key_ = key;
  value_ = value;
  return true;
}

bool StagedTable::Scan::next_set_aside() {
  if (at_row_) set_aside_.pop_front();
  if (set_aside_.empty()) {
    if (failure_) std::rethrow_exception(failure_);
    return false;
  }
  show_set_aside();
  return true;
}

void StagedTable::Scan::show_set_aside() {
  const StagedRow& row = set_aside_.front();
  key_ = row.key;
  value_ = view_of(row.value);
}

bool StagedTable::Scan::next(BytesView& key, std::optional<ValueView>& value) {
  if (!next()) return false;
  key = this->key();
  value = this->value();
  return true;
}

StagedRow StagedTable::Scan::copy() const { return {Bytes(key_), copy_of(value_)}; }

// What goes wrong here is not the writer's trouble: the reader is told when it gets there.
void StagedTable::Scan::set_aside() noexcept {
  const bool at_row = at_row_;
  try {
    if (at_row) set_aside_.push_back(copy());
    while (next()) set_aside_.push_back(copy());
  } catch (...) {
    failure_ = std::current_exception();
  }
  stop_reading();
  at_row_ = at_row && !set_aside_.empty();
  if (at_row_) show_set_aside();
}

void StagedTable::Scan::stop_reading() noexcept {
  std::erase(table_.open_scans_, this);
  buffered_.reset();
  value_.reset();
  sql_value_.reset();
  run_.reset();
  if (statement_) statements_.idle.push_back(std::move(statement_));
}

}  // namespace vkv::ext
