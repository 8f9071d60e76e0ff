// Blame: the commit that made each row what it is.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/graph/repository.h"

namespace vkv {

// Walks the rows of a commit in key order; the row's commit is the latest, along first parents,
// that added or modified it. The repository must outlive it; any call may throw Corruption.
//
// Each node of the tree has a list of the commits that changed something in its range of keys,
// newest first, made by picking from the list of the node above and only as far back as is asked
// for. The rows of a leaf take theirs from the differences that the commits on its parent's list
// made, until each has one. So a commit is examined for a subtree only if it touched what surrounds
// it, and the lists of one path, 96 bytes a commit, are all that is kept.
class Blame {
 public:
  Blame(Repository& repository, const Hash& commit);
  Blame(const Blame&) = delete;
  Blame& operator=(const Blame&) = delete;

  // To the first row with key >= `key`.
  void seek(BytesView key);
  // To the row with exactly `key`, and to no other after it; returns whether there is one. Examines
  // the commits back to the one it names, and no further.
  bool find(BytesView key);
  // Only while valid().
  void next();
  bool valid() const { return valid_; }

  // Only while valid(); the view lives until it moves.
  BytesView key() const { return key_; }
  const Hash& commit() const { return commit_; }

 private:
  // A commit and the trees before and after it, which differ.
  struct Change {
    Hash commit;
    Hash before;
    Hash after;
  };

  // A list that grows as it is read.
  class Changes {
   public:
    using Source = std::function<std::optional<Change>()>;
    explicit Changes(Source source) : source_(std::move(source)) {}

    // Null behind the last one; lives until a later one is asked for.
    const Change* at(std::size_t i);

   private:
    Source source_;
    std::vector<Change> found_;
  };

  // A node on the path to the current row.
  struct Level {
    NodePtr node;
    std::size_t index = 0;
    std::optional<Bytes> low;          // all keys of the node are above
    std::shared_ptr<Changes> changes;  // to its keys; of a leaf: to those of the node above
  };

  static Changes::Source changes_along_first_parents(Repository& repository, const Hash& start);
  // Those of `all` that changed a key above `low` (absent: any) and up to `high`.
  Changes::Source changes_within(std::shared_ptr<Changes> all, std::optional<Bytes> low,
                                 Bytes high);

  void push_child();
  bool to_next_leaf();
  void blame_leaf();
  // Gives rows of the leaf that have no commit yet that of `change`; returns how many.
  std::size_t blame(const Node& leaf, BytesView first_key, const Change& change);
  void settle();

  Repository& repository_;
  Hash start_;
  std::vector<Level> levels_;                 // root first
  std::vector<std::optional<Hash>> commits_;  // of the leaf's rows
  bool valid_ = false;
  bool alone_ = false;  // found, so that none follows
  Bytes key_;
  Hash commit_;
};

}  // namespace vkv
