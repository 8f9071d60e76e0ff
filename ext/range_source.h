// RangeSource: rows in key order, from the ranges of keys that a query leaves.
#pragma once

#include "ext/key_query.h"
#include "ext/table_function.h"

namespace vkv::ext {

class RangeSource : public RowSource {
 public:
  explicit RangeSource(std::shared_ptr<VersionedTable> table) : table_(std::move(table)) {}

  void start(const KeyPlan& plan) final;
  bool next() final;

 protected:
  VersionedTable& table() { return *table_; }

 private:
  // To before the first row of `range`, which lives until the next call and lies above the one
  // before it.
  virtual void start_range(const KeyRange& range) = 0;
  // To the next row of the range; false when there is none.
  virtual bool next_in_range() = 0;

  void start_range_of(BytesView key);

  std::shared_ptr<VersionedTable> table_;
  KeyQuery query_;
  KeyRange range_;
  std::size_t keys_started_ = 0;  // of a list
  bool started_ = false;
};

}  // namespace vkv::ext
