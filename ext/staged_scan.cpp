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
                        std::optional<BytesView> lower, std::optional<BytesView> upper)
    : table_(table),
      statements_(statements),
      lower_(lower.value_or(BytesView())),
      upper_(upper.value_or(BytesView())),
      statement_(take_or_make(statements.idle, table.db_, statements.sql)) {
  statements_.idle.reserve(statements_.idle.size() + 1);  // for this one, when it comes back
  run_.emplace(*statement_);
  run_->bind_int64(1, workspace);
  if (lower) {
    run_->bind_blob(2, lower_);
  } else {
    run_->bind_double(2, kLowest);
  }
  if (upper) run_->bind_blob(3, upper_);
  table_.open_scans_.push_back(this);
}

bool StagedTable::Scan::next() {
  if (!run_) {
    if (at_row_) set_aside_.pop_front();
    at_row_ = !set_aside_.empty();
    if (!at_row_ && failure_) std::rethrow_exception(failure_);
    return at_row_;
  }
  at_row_ = false;
  value_.reset();
  if (!run_->step()) {
    stop_reading();
    return false;
  }
  const SqlValue key(run_->value(0));
  if (key.view().type != ValueType::blob) throw Corruption("a staged row's key is not a blob");
  key_ = key.view().bytes;
  if (!is_removal(run_->value(1), key_)) value_.emplace(run_->value(2));
  at_row_ = true;
  return true;
}

std::optional<ValueView> StagedTable::Scan::value() const {
  if (run_) return value_ ? std::optional(value_->view()) : std::nullopt;
  const auto& value = set_aside_.front().value;
  return value ? std::optional<ValueView>(*value) : std::nullopt;
}

bool StagedTable::Scan::next(BytesView& key, std::optional<ValueView>& value) {
  if (!next()) return false;
  key = this->key();
  value = this->value();
  return true;
}

StagedRow StagedTable::Scan::copy() const {
  StagedRow row{Bytes(key_), {}};
  if (value_) row.value = Value(value_->view());
  return row;
}

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
}

void StagedTable::Scan::stop_reading() noexcept {
  if (!statement_) return;
  std::erase(table_.open_scans_, this);
  value_.reset();
  run_.reset();
  statements_.idle.push_back(std::move(statement_));
}

}  // namespace vkv::ext
