#include "core/tree/path.h"

#include <algorithm>

namespace vkv {

Path::Path(NodeStore& nodes, NodePtr root) : nodes_(&nodes) {
  steps_.reserve(root->level() + 1);
  steps_.push_back({std::move(root), 0});
}

CacheRef Path::node_ref() const {
  const Step& above = steps_[steps_.size() - 2];
  return above.node->child_ref(above.index);
}

bool Path::in_first_node() const {
  return std::all_of(steps_.begin(), steps_.end() - 1,
                     [](const Step& step) { return step.index == 0; });
}

bool Path::in_last_node() const {
  return std::all_of(steps_.begin(), steps_.end() - 1,
                     [](const Step& step) { return step.index + 1 == step.node->size(); });
}

std::uint64_t Path::rows_before() const {
  std::uint64_t rows = 0;
  for (const auto& [node, index] : steps_) {
    if (node->is_leaf()) return rows + index;
    for (std::size_t i = 0; i < index; ++i) rows += node->child_rows(i);
  }
  return rows;
}

void Path::to_root() {
  steps_.resize(1);
  set_index(0);
}

void Path::seek(BytesView key, unsigned level) {
  to_root();
  set_index(node().lower_bound(key));
  while (this->level() > level) {
    if (index() == node().size()) set_index(node().size() - 1);
    descend();
    set_index(node().lower_bound(key));
  }
}

void Path::seek_first(unsigned level) {
  to_root();
  while (this->level() > level) descend();
}

void Path::seek_last(unsigned level) {
  to_root();
  if (node().size() > 0) set_index(node().size() - 1);
  while (this->level() > level) descend_to_last();
}

void Path::descend() { steps_.push_back({nodes_->child(node(), index()), 0}); }

void Path::descend_to_last() {
  descend();
  set_index(node().size() - 1);
}

void Path::skip() {
  while (++steps_.back().index == node().size() && steps_.size() > 1) steps_.pop_back();
}

bool Path::next_node() {
  if (in_last_node()) return false;
  const unsigned target = level();
  steps_.pop_back();
  skip();
  while (level() > target) descend();
  return true;
}

bool Path::previous_node() {
  if (in_first_node()) return false;
  const unsigned target = level();
  do {
    steps_.pop_back();
  } while (index() == 0);
  set_index(index() - 1);
  while (level() > target) descend_to_last();
  return true;
}

}  // namespace vkv
