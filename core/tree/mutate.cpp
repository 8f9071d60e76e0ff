#include "core/tree/mutate.h"

#include <string>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/tree/node_builder.h"
#include "core/tree/path.h"

namespace vkv {
namespace {

// A node as the level above lists it.
struct ListedNode {
  Bytes last_key;
  Hash hash;
  std::uint64_t rows = 0;
};

// What rebuilding a level did to its nodes, in key order: the last keys of those that are gone, and
// those that are new. A key in both: the new node replaces the old.
struct NodeChanges {
  std::vector<Bytes> removed;
  std::vector<ListedNode> added;
  std::uint64_t rows_removed = 0;
  std::uint64_t rows_added = 0;

  bool empty() const { return removed.empty() && added.empty(); }
};

// The edits of one level, in strictly ascending key order.
class LevelEdits {
 public:
  virtual ~LevelEdits() = default;
  bool done() const { return done_; }
  // Until advance().
  BytesView key() const { return key_; }
  // Adds the edit's entry and returns true, or returns false: it removes.
  virtual bool add_to(NodeBuilder& builder) const = 0;
  virtual void advance() = 0;

 protected:
  BytesView key_;
  bool done_ = false;
};

class RowEdits final : public LevelEdits {
 public:
  explicit RowEdits(EditSource& source) : source_(source) { fetch(); }

  bool add_to(NodeBuilder& builder) const override {
    if (edit_.value) builder.add(key_, *edit_.value);
    return edit_.value.has_value();
  }

  void advance() override {
    previous_.assign(key_);
    fetch();
    if (!done_ && key_ <= previous_) {
      throw InvalidArgument("edits out of order at key " + printable(key_));
    }
  }

 private:
  void fetch() {
    done_ = !source_.next(edit_);
    if (done_) return;
    key_ = edit_.key;
    if (key_.size() > kMaxKeySize) {
      throw TooLarge("key of " + std::to_string(key_.size()) + " bytes, beyond " +
                     std::to_string(kMaxKeySize));
    }
    if (edit_.value && !is_well_formed(*edit_.value)) {
      throw InvalidArgument("ill-formed value for key " + printable(key_));
    }
  }

  EditSource& source_;
  Edit edit_;
  Bytes previous_;
};

class NodeEdits final : public LevelEdits {
 public:
  explicit NodeEdits(const NodeChanges& changes) : changes_(changes) { pick(); }

  bool add_to(NodeBuilder& builder) const override {
    if (adds_) builder.add(key_, added().hash, added().rows);
    return adds_;
  }

  void advance() override {
    if (removes_) ++next_removed_;
    if (adds_) ++next_added_;
    pick();
  }

 private:
  const ListedNode& added() const { return changes_.added[next_added_]; }

  void pick() {
    removes_ = next_removed_ < changes_.removed.size();
    adds_ = next_added_ < changes_.added.size();
    done_ = !removes_ && !adds_;
    if (done_) return;
    if (removes_ && adds_) {
      const int order = changes_.removed[next_removed_].compare(added().last_key);
      removes_ = order <= 0;
      adds_ = order >= 0;
    }
    key_ = adds_ ? added().last_key : changes_.removed[next_removed_];
  }

  const NodeChanges& changes_;
  std::size_t next_removed_ = 0;
  std::size_t next_added_ = 0;
  bool removes_ = false;
  bool adds_ = false;
};

// Rebuilds one level of a tree:
//
//   1. Reopen: go to the old node that holds the next edit's key; an edit behind the level's last
//      key reopens its last node, which may have ended for want of entries alone. A new node begins
//      where this old one did, and ends wherever the splitter says.
//   2. Merge: take old entries and edits in key order, an edit in place of the old entry with its
//      key. An old node that comes out as it was is kept: neither written nor listed.
//   3. In step: when a new node has just ended and so has the old one, all that follows is as it
//      was, up to the node of the next edit: back to 1, without reading what lies between. When no
//      edit is left, the level is done.
//   4. Behind the old level's last entry the remaining edits are added alone, and what is left
//      makes the last node.
//
// From the root's level upwards nothing old lists the nodes below: all new ones are listed then,
// and a kept one too.
class LevelRebuild {
 public:
  // `rows`: of the whole tree, as it will be; for the leaves, where it is not known yet, 0.
  LevelRebuild(NodeStore& nodes, const Hash& root, unsigned level, std::uint64_t rows,
               LevelEdits& edits)
      : nodes_(nodes), edits_(edits), builder_(level), level_(level), rows_(rows), root_(root) {
    NodePtr node = nodes.get(root);
    top_ = level >= node->level();
    if (level <= node->level()) old_.emplace(nodes, std::move(node));
  }

  NodeChanges run() {
    bool in_old = old_.has_value();
    while (in_old && !edits_.done()) {
      reopen();
      in_old = merge();
    }
    while (!edits_.done()) take_edit();
    if (builder_.size() > 0) end_node();
    if (old_ && !in_old) leave_old_node();
    return std::move(changes_);
  }

 private:
  void reopen() {
    old_->seek(edits_.key(), level_);
    old_->set_index(0);
  }

  // Returns true in step, false at the end of the old level, its last node not yet left.
  bool merge() {
    for (;;) {
      const Node& node = old_->node();
      const std::size_t edited = edits_.done() ? node.size() : node.lower_bound(edits_.key());
      take_old_entries(edited);
      if (edited < node.size()) {
        if (node.compare_key(edited, edits_.key()) == 0) old_->set_index(edited + 1);
        take_edit();
      } else if (old_->in_last_node()) {
        return false;
      } else {
        leave_old_node();
        if (builder_.size() == 0) return true;
        old_->next_node();
      }
    }
  }

  void take_old_entries(std::size_t end) {
    for (std::size_t i = old_->index(); i < end; ++i) {
      builder_.add(old_->node(), i);
      old_->set_index(i + 1);
      if (builder_.complete()) end_node();
    }
  }

  void take_edit() {
    if (edits_.add_to(builder_) && builder_.complete()) end_node();
    edits_.advance();
  }

  void end_node() {
    ListedNode node{Bytes(builder_.last_key()), {}, builder_.rows()};
    if (is_only_child()) {
      node.hash = builder_.last_child();
    } else {
      const Bytes& body = builder_.finish();
      const bool is_old = old_ && body == old_->node().body();
      if (is_old) kept_ = true;
      if (is_old && !top_) return;
      node.hash = is_old ? root_ : nodes_.put(body, is_change());
    }
    changes_.rows_added += node.rows;
    changes_.added.push_back(std::move(node));
  }

  // A tree that changes is read again soon; a bulk build would but fill the cache.
  bool is_change() const { return root_ != empty_root(); }

  // Whether the node to end would list one node with all rows of the tree: then that is the root.
  bool is_only_child() const {
    return level_ > 0 && builder_.size() == 1 && builder_.rows() == rows_;
  }

  void leave_old_node() {
    nodes_.chunks().checkpoint();
    const Node& node = old_->node();
    if (top_ || !kept_) changes_.rows_removed += node.rows();
    if (!kept_ && is_change()) retire_old_node();
    if (!top_ && !kept_) node.copy_key(node.size() - 1, changes_.removed.emplace_back());
    kept_ = false;
  }

  void retire_old_node() {
    if (top_) {
      nodes_.retire_root(root_);
    } else {
      nodes_.retire_child(old_->node_ref());
    }
  }

  NodeStore& nodes_;
  LevelEdits& edits_;
  NodeBuilder builder_;
  unsigned level_;
  std::uint64_t rows_;
  Hash root_;
  bool top_ = false;
  bool kept_ = false;  // the old node being merged came out as it was
  std::optional<Path> old_;
  NodeChanges changes_;
};

// Of nodes with one child each, the lowest: only then is `root` the root.
Hash lowest_root(NodeStore& nodes, Hash root) {
  for (NodePtr node = nodes.get(root); !node->is_leaf() && node->size() == 1;
       node = nodes.child(*node, 0)) {
    root = node->child_hash(0);
  }
  return root;
}

}  // namespace

Hash apply_edits(NodeStore& nodes, const Hash& root, EditSource& edits) {
  RowEdits row_edits(edits);
  NodeChanges changes = LevelRebuild(nodes, root, 0, 0, row_edits).run();
  const std::uint64_t rows = nodes.get(root)->rows() + changes.rows_added - changes.rows_removed;
  if (rows == 0) return empty_root();
  for (unsigned level = 1; !changes.empty(); ++level) {
    if (changes.added.size() == 1 && changes.added[0].rows == rows) {
      return lowest_root(nodes, changes.added[0].hash);
    }
    if (level > kMaxLevel) throw TooLarge("tree of more than " + std::to_string(level) + " levels");
    NodeEdits node_edits(changes);
    changes = LevelRebuild(nodes, root, level, rows, node_edits).run();
  }
  return root;
}

}  // namespace vkv
