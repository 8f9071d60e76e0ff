// What a version holds, and merging it by definition: key by key over whole maps.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/database.h"

namespace vkv::model {

using test::SqlRow;
using test::SqlValue;

using Rows = std::map<std::string, SqlValue>;
using RowsPtr = std::shared_ptr<const Rows>;

// (key, kind, old value, new value) in key order, as vkv_diff shows it.
std::vector<SqlRow> diff(const Rows& from, const Rows& to);

// The same by key: its new value, absent where it was removed.
using Changes = std::map<std::string, std::optional<SqlValue>>;
Changes changes(const Rows& from, const Rows& to);
Rows applied(const Changes& changes, Rows rows);
std::optional<SqlValue> value_at(const Rows& rows, const std::string& key);

enum class OnConflict { raise, abandon, ours, theirs };

// A merge base: the rows that are settled, and the keys that a criss-cross left open.
struct Base {
  Rows rows;
  std::set<std::string> unsettled;
};

struct Merged {
  Rows rows;  // contested keys have what `on_conflict` says, else are left out
  std::set<std::string> conflicts;  // those that nothing settled
};

Merged merge(const Base& base, const Rows& ours, const Rows& theirs, OnConflict on_conflict);
// The same where the sides may be unsettled themselves: how a base comes about.
Base merge_bases(const Base& base, const Base& ours, const Base& theirs);

}  // namespace vkv::model
