#include "core/tree/merge.h"

#include "core/tree/diff.h"
#include "core/tree/mutate.h"

namespace vkv {
namespace {

// The differences from the base to one side, one at a time.
class SideChanges {
 public:
  SideChanges(NodeStore& nodes, const Hash& base, const Hash& side) : cursor_(nodes, base, side) {
    advance();
  }

  bool done() const { return done_; }
  // Until advance().
  const Difference& current() const { return current_; }
  void advance() { done_ = !cursor_.next(current_); }

 private:
  DiffCursor cursor_;
  Difference current_;
  bool done_ = false;
};

// The edits that turn ours into the merge: what theirs changed alone, and what was settled
// otherwise than by ours. Walks both sides' changes in step.
class MergeEdits final : public EditSource {
 public:
  MergeEdits(NodeStore& nodes, const Hash& base, const Hash& ours, const Hash& theirs,
             const TreeMergeHooks& hooks)
      : chunks_(nodes.chunks()),
        hooks_(hooks),
        ours_(nodes, base, ours),
        theirs_(nodes, base, theirs) {}

  bool next(Edit& edit) override {
    while (advance()) {
      if (take(edit)) return true;
    }
    return false;
  }

 private:
  // To the next key that a side changed; false when there is none.
  bool advance() {
    if (ours_changed_) ours_.advance();
    if (theirs_changed_) theirs_.advance();
    if (ours_.done() && theirs_.done()) return false;
    const int order = ours_.done()     ? 1
                      : theirs_.done() ? -1
                                       : ours_.current().key.compare(theirs_.current().key);
    ours_changed_ = order <= 0;
    theirs_changed_ = order >= 0;
    return true;
  }

  // Fills `edit` and returns true when ours is to change at this key.
  bool take(Edit& edit) {
    const Contest contest = this->contest();
    edit.key = contest.key;
    if (contest.ours == contest.theirs) {
      return hooks_.combine && !contest.unsettled && contest.ours &&
             carry_out(hooks_.combine(contest), contest, edit);
    }
    if (contest.unsettled || (ours_changed_ && theirs_changed_)) {
      return carry_out(hooks_.settle(contest), contest, edit);
    }
    if (ours_changed_) {
      tell_auto_merged(contest.key);
      return false;
    }
    edit.value = contest.theirs;
    return true;
  }

  Contest contest() const {
    const Difference& changed = ours_changed_ ? ours_.current() : theirs_.current();
    Contest contest;
    contest.key = changed.key;
    contest.base = changed.before;
    contest.ours = ours_changed_ ? ours_.current().after : changed.before;
    contest.theirs = theirs_changed_ ? theirs_.current().after : changed.before;
    contest.unsettled = hooks_.unsettled != nullptr && hooks_.unsettled->contains(contest.key);
    return contest;
  }

  bool carry_out(Settlement settlement, const Contest& contest, Edit& edit) {
    settlement_ = std::move(settlement);
    if (settlement_.kind == Settlement::Kind::conflict) return false;
    const bool kept = settlement_.kind == Settlement::Kind::ours && contest.ours == contest.theirs;
    if (!kept) tell_auto_merged(contest.key);
    switch (settlement_.kind) {
      case Settlement::Kind::theirs:
        edit.value = contest.theirs;
        return true;
      case Settlement::Kind::value:
        edit.value = store_value(chunks_, settlement_.value, scratch_);
        return true;
      case Settlement::Kind::removal:
        edit.value.reset();
        return true;
      default:
        return false;
    }
  }

  void tell_auto_merged(BytesView key) const {
    if (hooks_.on_auto_merged) hooks_.on_auto_merged(key);
  }

  ChunkStore& chunks_;
  const TreeMergeHooks& hooks_;
  SideChanges ours_;
  SideChanges theirs_;
  bool ours_changed_ = false;
  bool theirs_changed_ = false;
  Settlement settlement_;  // owns what the edit borrows
  Bytes scratch_;
};

}  // namespace

Hash merge_trees(NodeStore& nodes, const Hash& base, const Hash& ours, const Hash& theirs,
                 const TreeMergeHooks& hooks) {
  if (ours == theirs && (base == ours || !hooks.combine)) return ours;
  const bool trustworthy = hooks.unsettled == nullptr || hooks.unsettled->empty();
  if (base == ours && trustworthy) return theirs;
  MergeEdits edits(nodes, base, ours, theirs, hooks);
  return apply_edits(nodes, ours, edits);
}

}  // namespace vkv
