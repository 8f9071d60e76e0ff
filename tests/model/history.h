// History: the commits of a model, and what they have in common, by definition.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/rows.h"

namespace vkv::model {

struct Commit {
  RowsPtr rows;
  std::vector<std::string> parents;
  SqlValue author, time, message;  // time in milliseconds since 1970
};

// Immutable commits by hash; copying copies pointers only.
class History {
 public:
  using CommitPtr = std::shared_ptr<const Commit>;

  void add(const std::string& hash, CommitPtr commit) { commits_.emplace(hash, std::move(commit)); }
  bool contains(const std::string& hash) const { return commits_.contains(hash); }
  const Commit& at(const std::string& hash) const { return *commits_.at(hash); }
  friend bool operator==(const History&, const History&) = default;
  // The commit whose hash starts with the digits, if it is one alone.
  std::optional<std::string> abbreviated(const std::string& digits) const;

  std::set<std::string> ancestors(const std::string& hash) const;  // itself included
  // Common ancestors that are no ancestor of another.
  std::set<std::string> best_common(const std::set<std::string>& a,
                                    const std::set<std::string>& b) const;
  // What the best common ancestors of a and b amount to.
  Base base_of(const std::string& a, const std::string& b) const;

 private:
  Base merged(const std::set<std::string>& commits) const;

  std::map<std::string, CommitPtr> commits_;
};

}  // namespace vkv::model
