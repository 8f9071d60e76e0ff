#include "core/tree/diff.h"

namespace vkv {
namespace {

// Of equal trees nothing is to be read.
Path start(NodeStore& nodes, const Hash& root, const Hash& other) {
  return Path(nodes, nodes.get(root == other ? empty_root() : root));
}

}  // namespace

DiffCursor::DiffCursor(NodeStore& nodes, const Hash& before, const Hash& after)
    : nodes_(nodes),
      before_{start(nodes, before, after), {}},
      after_{start(nodes, after, before), {}} {}

void DiffCursor::seek(BytesView key) {
  leave_taken();
  floor_ = key;
}

bool DiffCursor::next(Difference& difference) {
  leave_taken();
  while (align()) {
    const int order = compare_tips();
    before_.taken = order <= 0;
    after_.taken = order >= 0;
    if (order != 0 || !same_value()) {
      fill(difference);
      return true;
    }
    leave_taken();
  }
  return false;
}

// Brings both tips down to leaf entries, or to the end; false when both are there. A tip on an
// internal node stands for all rows below it, none of which has been taken: when both tips stand
// for the same subtree it is skipped; else the higher goes down, or both do.
bool DiffCursor::align() {
  for (;;) {
    nodes_.chunks().checkpoint();
    if (floor_) {
      skip_below_floor(before_.path);
      skip_below_floor(after_.path);
    }
    if (before_.at_end() && after_.at_end()) return false;
    const unsigned before = before_.level();
    const unsigned after = after_.level();
    if (before == 0 && after == 0) break;
    if (before == after && same_subtree()) {
      before_.path.skip();
      after_.path.skip();
      continue;
    }
    if (before >= after) before_.path.descend();
    if (after >= before) after_.path.descend();
  }
  floor_.reset();
  return true;
}

void DiffCursor::skip_below_floor(Path& path) const {
  while (!path.at_end()) {
    const std::size_t reached = path.node().lower_bound(*floor_);
    if (reached <= path.index()) return;
    if (reached < path.node().size()) return path.set_index(reached);
    path.set_index(reached - 1);
    path.skip();
  }
}

// Sign of (before's key compared with after's); the end comes after every key.
int DiffCursor::compare_tips() {
  for (Side* side : {&before_, &after_}) {
    if (!side->at_end()) side->path.node().copy_key(side->path.index(), side->key);
  }
  if (before_.at_end()) return 1;
  if (after_.at_end()) return -1;
  return before_.key.compare(after_.key);
}

bool DiffCursor::same_subtree() const {
  const Path& before = before_.path;
  const Path& after = after_.path;
  return before.node().child_hash(before.index()) == after.node().child_hash(after.index());
}

bool DiffCursor::same_value() const {
  const Path& before = before_.path;
  const Path& after = after_.path;
  return before.node().value(before.index()) == after.node().value(after.index());
}

void DiffCursor::leave_taken() {
  for (Side* side : {&before_, &after_}) {
    if (side->taken) side->path.skip();
    side->taken = false;
  }
}

void DiffCursor::fill(Difference& difference) {
  difference.before.reset();
  difference.after.reset();
  if (before_.taken) difference.before = before_.path.node().value(before_.path.index());
  if (after_.taken) difference.after = after_.path.node().value(after_.path.index());
  difference.key = before_.taken ? before_.key : after_.key;
  difference.kind = !before_.taken  ? DiffKind::added
                    : !after_.taken ? DiffKind::removed
                                    : DiffKind::modified;
}

}  // namespace vkv
