#include "core/graph/blame.h"

#include "core/base/error.h"
#include "core/graph/key_history.h"
#include "core/graph/log.h"
#include "core/tree/diff.h"

namespace vkv {

const Blame::Change* Blame::Changes::at(std::size_t i) {
  while (found_.size() <= i) {
    auto change = source_();
    if (!change) return nullptr;
    found_.push_back(*change);
  }
  return &found_[i];
}

Blame::Changes::Source Blame::changes_along_first_parents(Repository& repository,
                                                          const Hash& start) {
  const auto walker = std::make_shared<LogWalker>(repository, start, LogOrder::first_parents);
  return [walker, item = walker->next()]() mutable -> std::optional<Change> {
    while (item) {
      auto earlier = walker->next();
      const Change change{item->hash, earlier ? earlier->commit.root : empty_root(),
                          item->commit.root};
      item = std::move(earlier);
      if (change.before != change.after) return change;
    }
    return {};
  };
}

Blame::Changes::Source Blame::changes_within(std::shared_ptr<Changes> all, std::optional<Bytes> low,
                                             Bytes high) {
  return [this, all = std::move(all), low = std::move(low), high = std::move(high),
          i = std::size_t{0}]() mutable -> std::optional<Change> {
    while (const Change* change = all->at(i)) {
      ++i;
      repository_.chunks().checkpoint();
      DiffCursor differences(repository_.nodes(), change->before, change->after);
      if (low) differences.seek(*low + '\0');  // the least key above it
      Difference first;
      if (differences.next(first) && first.key <= high) return *change;
    }
    return {};
  };
}

Blame::Blame(Repository& repository, const Hash& commit) : repository_(repository), start_(commit) {
  levels_.push_back({repository.nodes().get(repository.commit(commit).root),
                     0,
                     {},
                     std::make_shared<Changes>(changes_along_first_parents(repository, commit))});
}

void Blame::seek(BytesView key) {
  valid_ = false;
  alone_ = false;
  levels_.erase(levels_.begin() + 1, levels_.end());
  while (true) {
    Level& level = levels_.back();
    level.index = level.node->lower_bound(key);
    if (level.index == level.node->size()) return;
    if (level.node->is_leaf()) break;
    push_child();
  }
  blame_leaf();
  settle();
}

bool Blame::find(BytesView key) {
  valid_ = false;
  alone_ = true;
  KeyHistory history(repository_, start_, key);
  if (!history.next() || !history.value()) return false;
  key_ = key;
  commit_ = history.commit().hash;
  return valid_ = true;
}

void Blame::next() {
  valid_ = false;
  if (alone_) return;
  Level& leaf = levels_.back();
  if (++leaf.index == leaf.node->size() && !to_next_leaf()) return;
  settle();
}

void Blame::settle() {
  levels_.back().node->copy_key(levels_.back().index, key_);
  commit_ = *commits_[levels_.back().index];
  valid_ = true;
}

void Blame::push_child() {
  const Level& parent = levels_.back();
  NodePtr child = repository_.nodes().child(*parent.node, parent.index);
  auto low = parent.low;
  if (parent.index > 0) parent.node->copy_key(parent.index - 1, low.emplace());
  auto changes = parent.changes;
  if (!child->is_leaf()) {
    Bytes high;
    parent.node->copy_key(parent.index, high);
    changes = std::make_shared<Changes>(changes_within(changes, low, std::move(high)));
  }
  levels_.push_back({std::move(child), 0, std::move(low), std::move(changes)});
}

bool Blame::to_next_leaf() {
  do {
    if (levels_.size() == 1) return false;
    levels_.pop_back();
  } while (++levels_.back().index == levels_.back().node->size());
  while (!levels_.back().node->is_leaf()) push_child();
  blame_leaf();
  return true;
}

void Blame::blame_leaf() {
  const Node& leaf = *levels_.back().node;
  Bytes first_key;
  leaf.copy_key(0, first_key);
  commits_.assign(leaf.size(), std::nullopt);
  std::size_t left = leaf.size();
  for (std::size_t i = 0; left > 0; ++i) {
    const Change* change = levels_.back().changes->at(i);
    if (change == nullptr) throw Corruption("no commit made the rows of a leaf");
    left -= blame(leaf, first_key, *change);
  }
}

std::size_t Blame::blame(const Node& leaf, BytesView first_key, const Change& change) {
  repository_.chunks().checkpoint();
  DiffCursor differences(repository_.nodes(), change.before, change.after);
  differences.seek(first_key);
  std::size_t blamed = 0;
  for (Difference difference; differences.next(difference);) {
    const std::size_t row = leaf.lower_bound(difference.key);
    if (row == leaf.size()) break;
    if (commits_[row] || leaf.compare_key(row, difference.key) != 0) continue;
    commits_[row] = change.commit;
    ++blamed;
  }
  return blamed;
}

}  // namespace vkv
