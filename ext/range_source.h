// RangeSource: rows in key order, from the ranges of keys that a query leaves.
#pragma once

#include "ext/key_query.h"
#include "ext/table_function.h"

namespace vkv::ext {

class RangeSource : public RowSource {
 public:
  explicit RangeSource(TableView view) : view_(std::move(view)) {}

  void start(const KeyPlan& plan) final;
  bool next() final;

 protected:
  VersionedTable& table() { return *view_.table; }
  // A key of the table as the view shows it.
  BytesView shown(BytesView key) const { return key.substr(view_.prefix.size()); }

 private:
  // To before the first row of `range`, of keys as the table has them, which lives until the next
  // call and lies above the one before it.
  virtual void start_range(const KeyRange& range) = 0;
  // To the next row of the range; false when there is none.
  virtual bool next_in_range() = 0;

  void start_range_of(BytesView key);

  TableView view_;
  KeyQuery query_;
  KeyRange range_;
  std::size_t keys_started_ = 0;  // of a list
  bool started_ = false;
};

}  // namespace vkv::ext
