#include "ext/range_source.h"

namespace vkv::ext {

void RangeSource::start(const KeyPlan& plan) {
  query_.read(table().connection().db(), plan.operators, plan.values);
  query_.move_below(view_.prefix);
  keys_started_ = 0;
  started_ = true;
  switch (query_.shape()) {
    case KeyQuery::Shape::none:
    case KeyQuery::Shape::keys:
      started_ = false;
      break;
    case KeyQuery::Shape::key:
      start_range_of(query_.key());
      break;
    case KeyQuery::Shape::range:
      range_ = query_.range();
      start_range(range_);
      break;
  }
}

void RangeSource::start_range_of(BytesView key) {
  range_ = KeyRange();
  range_.narrow(KeyOperator::equal, key);
  start_range(range_);
}

bool RangeSource::next() {
  while (!started_ || !next_in_range()) {
    const bool is_list = query_.shape() == KeyQuery::Shape::keys;
    if (!is_list || keys_started_ == query_.keys().size()) return false;
    start_range_of(query_.keys()[keys_started_++]);
    started_ = true;
  }
  return true;
}

}  // namespace vkv::ext
