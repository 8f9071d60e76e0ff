#include "ext/table_cursor.h"

#include <algorithm>

#include "core/base/error.h"
#include "ext/sql_value.h"

namespace vkv::ext {

void TableCursor::filter(std::string_view operators, bool descending,
                         std::span<sqlite3_value* const> values) {
  touches_ = true;
  if (read_query(operators, descending, values)) start(version_of(table_.state_in_statement()));
}

void TableCursor::filter(const Version& version, std::string_view operators, bool descending,
                         std::span<sqlite3_value* const> values) {
  touches_ = false;
  if (read_query(operators, descending, values)) start(version);
}

bool TableCursor::read_query(std::string_view operators, bool descending,
                             std::span<sqlite3_value* const> values) {
  close();
  query_.read(table_.connection().db(), operators, values);
  query_.move_below(prefix_);
  descending_ = descending;
  epoch_ = table_.connection().epoch();
  return query_.shape() != KeyQuery::Shape::none;
}

void TableCursor::start(const Version& version) {
  base_.set_tree(table_.repository().nodes(), version.root);
  switch (query_.shape()) {
    case KeyQuery::Shape::none:
      break;
    case KeyQuery::Shape::key:
      look_up(version.staged ? table_.find_staged(*version.staged, query_.key()) : std::nullopt,
              query_.key());
      if (source_ == Source::base) table_.found({version.root, base_.position()});
      break;
    case KeyQuery::Shape::keys:
      start_list(version.staged);
      break;
    case KeyQuery::Shape::range:
      start_range(version.staged);
      break;
  }
}

template <typename Read>
auto TableCursor::reading(const Read& read) {
  try {
    return read();
  } catch (const Corruption&) {
    if (epoch_ == table_.connection().epoch()) throw;
    throw StorageError(SQLITE_ABORT_ROLLBACK, sqlite3_errstr(SQLITE_ABORT_ROLLBACK));
  }
}

void TableCursor::next() {
  switch (query_.shape()) {
    case KeyQuery::Shape::none:
    case KeyQuery::Shape::key:
      source_ = Source::none;
      break;
    case KeyQuery::Shape::keys:
      reading([this] { next_listed(); });
      break;
    case KeyQuery::Shape::range:
      reading([this] { next_in_range(); });
      break;
  }
}

void TableCursor::close() {
  source_ = Source::none;
  staged_.stop();
  staged_row_.reset();
  listed_.clear();
}

void TableCursor::look_up(std::optional<StagedRow> staged, BytesView key) {
  staged_row_ = std::move(staged);
  if (staged_row_) {
    source_ = staged_row_->value ? Source::staged : Source::none;
  } else {
    source_ = base_.find(key) ? Source::base : Source::none;
  }
  if (touches_ && source_ != Source::none) table_.on_read(key);
}

void TableCursor::start_list(std::optional<std::int64_t> workspace) {
  for (const Bytes& key : query_.keys()) {
    listed_.push_back({key, workspace ? table_.find_staged(*workspace, key) : std::nullopt});
  }
  if (!descending_) std::reverse(listed_.begin(), listed_.end());
  next_listed();
}

void TableCursor::next_listed() {
  source_ = Source::none;
  while (source_ == Source::none && !listed_.empty()) {
    look_up(std::move(listed_.back().staged), listed_.back().key);
    listed_.pop_back();
  }
}

void TableCursor::start_range(std::optional<std::int64_t> workspace) {
  const KeyRange& range = query_.range();
  base_.start(range, descending_);
  staged_.start(table_.staged(), workspace, range, descending_);
  merge();
}

void TableCursor::next_in_range() {
  if (source_ == Source::base) {
    base_.next();
  } else {
    staged_.next();
  }
  merge();
}

void TableCursor::merge() {
  while (staged_.valid() && staged_comes_first()) {
    if (staged_.value()) {
      source_ = Source::staged;
      return;
    }
    staged_.next();
  }
  source_ = base_.valid() ? Source::base : Source::none;
}

// A base row with the same key is hidden: it is passed over.
bool TableCursor::staged_comes_first() {
  if (!base_.valid()) return true;
  const int order = staged_.key().compare(base_.key());
  if (order == 0) base_.next();
  return order == 0 || (order < 0) != descending_;
}

BytesView TableCursor::full_key() {
  if (source_ == Source::base) return base_.key();
  return staged_row_ ? BytesView(staged_row_->key) : staged_.key();
}

void TableCursor::set_value(sqlite3_context* context) {
  if (source_ == Source::staged) {
    return set_result(context, staged_row_ ? ValueView(*staged_row_->value) : *staged_.value());
  }
  reading([&] { set_result(context, table_.repository().chunks(), base_.value()); });
}

}  // namespace vkv::ext
