#include "tests/model/rows.h"

namespace vkv::model {
namespace {

// A key's state on one side: absent, a value, or unsettled.
struct Side {
  std::optional<SqlValue> value;
  bool unsettled = false;
  friend bool operator==(const Side&, const Side&) = default;
};

Side side(const Rows& rows, const std::string& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? Side{} : Side{found->second, false};
}

Side side(const Base& base, const std::string& key) {
  return base.unsettled.contains(key) ? Side{std::nullopt, true} : side(base.rows, key);
}

void add_keys(std::set<std::string>& keys, const Rows& rows) {
  for (const auto& [key, value] : rows) keys.insert(key);
}

// Absent when the two changed it differently.
std::optional<Side> merge_key(const Side& base, const Side& ours, const Side& theirs) {
  if (ours == theirs) return ours;
  if (base.unsettled) return std::nullopt;
  if (ours == base) return theirs;
  if (theirs == base) return ours;
  return std::nullopt;
}

std::set<std::string> all_keys(const Base& base, const Base& ours, const Base& theirs) {
  std::set<std::string> keys = base.unsettled;
  for (const Base* each : {&ours, &theirs})
    keys.insert(each->unsettled.begin(), each->unsettled.end());
  for (const Base* each : {&base, &ours, &theirs}) add_keys(keys, each->rows);
  return keys;
}

}  // namespace

std::vector<SqlRow> diff(const Rows& from, const Rows& to) {
  std::set<std::string> keys;
  add_keys(keys, from);
  add_keys(keys, to);
  std::vector<SqlRow> changes;
  for (const std::string& key : keys) {
    const Side old_side = side(from, key);
    const Side new_side = side(to, key);
    if (old_side == new_side) continue;
    const char* kind = !old_side.value ? "added" : !new_side.value ? "removed" : "modified";
    changes.push_back({key, kind, old_side.value.value_or(std::monostate{}),
                       new_side.value.value_or(std::monostate{})});
  }
  return changes;
}

Changes changes(const Rows& from, const Rows& to) {
  Changes changes;
  for (const SqlRow& row : diff(from, to)) {
    const auto& key = std::get<std::string>(row[0]);
    changes[key] = value_at(to, key);
  }
  return changes;
}

Rows applied(const Changes& changes, Rows rows) {
  for (const auto& [key, value] : changes) {
    rows.erase(key);
    if (value) rows.emplace(key, *value);
  }
  return rows;
}

std::optional<SqlValue> value_at(const Rows& rows, const std::string& key) {
  return side(rows, key).value;
}

Merged merge(const Base& base, const Rows& ours, const Rows& theirs, OnConflict on_conflict) {
  Merged merged;
  for (const std::string& key : all_keys(base, {ours, {}}, {theirs, {}})) {
    auto settled = merge_key(side(base, key), side(ours, key), side(theirs, key));
    if (!settled && on_conflict == OnConflict::ours) settled = side(ours, key);
    if (!settled && on_conflict == OnConflict::theirs) settled = side(theirs, key);
    if (!settled) {
      merged.conflicts.insert(key);
    } else if (settled->value) {
      merged.rows.emplace(key, *settled->value);
    }
  }
  return merged;
}

Base merge_bases(const Base& base, const Base& ours, const Base& theirs) {
  Base merged;
  for (const std::string& key : all_keys(base, ours, theirs)) {
    const auto settled = merge_key(side(base, key), side(ours, key), side(theirs, key));
    if (!settled || settled->unsettled) {
      merged.unsettled.insert(key);
    } else if (settled->value) {
      merged.rows.emplace(key, *settled->value);
    }
  }
  return merged;
}

}  // namespace vkv::model
