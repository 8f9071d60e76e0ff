// KeyHistory: the versions of one key.
#pragma once

#include "core/graph/log.h"
#include "core/tree/diff.h"
#include "core/tree/key_path.h"

namespace vkv {

// Walks first parents, newest first, and stops at the commits that changed the key. Each step reads
// a commit and, of its tree, the nodes on the way to the key down to where it meets the way in the
// next one: no leaf where the key was not touched. The repository must outlive it.
class KeyHistory {
 public:
  KeyHistory(Repository& repository, const Hash& start, BytesView key);
  KeyHistory(const KeyHistory&) = delete;
  KeyHistory& operator=(const KeyHistory&) = delete;

  // To the latest change, then to each earlier one; false when there is none. May throw Corruption.
  bool next();

  // Of the change.
  const LogWalker::Item& commit() const { return commit_; }
  DiffKind kind() const { return kind_; }
  // What it made of the key, absent when it removed it; lives until the next call of next().
  const std::optional<StoredValue>& value() const { return value_; }

 private:
  KeyPath path_in(const std::optional<LogWalker::Item>& commit);

  NodeStore& nodes_;
  Bytes key_;
  LogWalker walker_;
  LogWalker::Item commit_;
  KeyPath path_;
  DiffKind kind_ = DiffKind::added;
  std::optional<StoredValue> value_;
  // The commit before it.
  std::optional<LogWalker::Item> earlier_;
  KeyPath earlier_path_;
};

}  // namespace vkv
