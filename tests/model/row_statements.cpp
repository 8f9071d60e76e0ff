#include "tests/model/row_statements.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace vkv::model {
namespace {

// SQLite's TEXT affinity for keys: text, or the code that refuses the value.
struct CoercedKey {
  std::optional<std::string> text;
  int code = SQLITE_OK;
};

CoercedKey coerce_key(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {*text, SQLITE_OK};
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return {std::to_string(*number), SQLITE_OK};
  }
  if (const auto* number = std::get_if<double>(&value)) {
    char text[40];  // Action's are halves: exact with one digit
    std::snprintf(text, sizeof text, "%.1f", *number);
    return {text, SQLITE_OK};
  }
  const bool is_null = std::holds_alternative<std::monostate>(value);
  return {std::nullopt, is_null ? SQLITE_CONSTRAINT : SQLITE_MISMATCH};
}

// One statement that changes rows, with the conflict clause's meaning.
class Writer {
 public:
  Writer(const Rows& rows, std::string clause) : rows_(rows), clause_(std::move(clause)) {}

  // Each returns false when the statement is over.
  bool insert(const SqlValue& key, const SqlValue& value) {
    const CoercedKey to = coerce_key(key);
    if (to.code != SQLITE_OK) return refuse(to.code);
    if (rows_.contains(*to.text) && clause_ != "REPLACE") return refuse(SQLITE_CONSTRAINT);
    rows_.insert_or_assign(*to.text, value);
    ++changes_;
    return true;
  }
  bool update(const std::string& from, const SqlValue& key, const SqlValue& value) {
    const CoercedKey to = coerce_key(key);
    if (to.code != SQLITE_OK) return refuse(to.code);
    if (*to.text != from && rows_.contains(*to.text) && clause_ != "REPLACE") {
      return refuse(SQLITE_CONSTRAINT);
    }
    rows_.erase(from);
    rows_.insert_or_assign(*to.text, value);
    ++changes_;
    return true;
  }
  void erase(const std::string& key) {
    rows_.erase(key);
    ++changes_;
  }

  RowsOutcome outcome() {
    if (code_ == SQLITE_OK) {
      Expected expected;
      expected.changes = changes_;
      return {expected, std::move(rows_), false};
    }
    RowsOutcome failed{Expected::error(code_), std::nullopt, false};
    if (code_ == SQLITE_CONSTRAINT && clause_ == "FAIL") failed.rows = std::move(rows_);
    if (code_ == SQLITE_CONSTRAINT && clause_ == "ROLLBACK") failed.rolls_back = true;
    return failed;
  }

 private:
  // A constraint can be ignored; a wrong type cannot.
  bool refuse(int code) {
    if (code == SQLITE_CONSTRAINT && clause_ == "IGNORE") return true;
    code_ = code;
    return false;
  }

  Rows rows_;
  std::string clause_;
  int changes_ = 0;
  int code_ = SQLITE_OK;
};

// The rows with first ≤ key < last.
Rows range(const Rows& rows, const std::string& first, const std::string& last) {
  if (first >= last) return {};
  return {rows.lower_bound(first), rows.lower_bound(last)};
}

std::optional<Rows::value_type> find(const Rows& rows, const SqlValue& key) {
  const CoercedKey coerced = coerce_key(key);
  if (!coerced.text) return std::nullopt;
  const auto found = rows.find(*coerced.text);
  if (found == rows.end()) return std::nullopt;
  return *found;
}

std::string shifted(const std::string& key) {
  return key.ends_with('x') ? key.substr(0, key.find_last_not_of('x') + 1) : key + "x";
}

// GLOB and LIKE, as far as Action's patterns go: literals, one of `any` for any text, `one` for one
// character.
bool matches(std::string_view pattern, std::string_view text, char any, char one) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == any) {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (matches(pattern.substr(1), text.substr(skip), any, one)) return true;
    }
    return false;
  }
  if (text.empty() || (pattern[0] != one && pattern[0] != text[0])) return false;
  return matches(pattern.substr(1), text.substr(1), any, one);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Rows chosen_by(const Action& action, const Rows& rows) {
  Rows chosen;
  for (const auto& [key, value] : rows) {
    if (action.kind == Kind::glob ? matches_glob(action.name, key)
                                  : matches(lower(action.name), lower(key), '%', '_')) {
      chosen.emplace(key, value);
    }
  }
  return chosen;
}

// What the WHERE clause leaves.
Rows chosen(const Action& action, const Rows& rows) {
  Rows result;
  switch (action.kind) {
    case Kind::get:
      if (const auto row = find(rows, action.key)) result.insert(*row);
      return result;
    case Kind::get_nocase: {
      const CoercedKey wanted = coerce_key(action.key);
      for (const auto& row : rows) {
        if (wanted.text && lower(row.first) == lower(*wanted.text)) result.insert(row);
      }
      return result;
    }
    case Kind::get_in:
      for (const SqlValue& key : {action.key, action.key2, action.key3}) {
        if (const auto row = find(rows, key)) result.insert(*row);
      }
      return result;
    case Kind::scan:
      result = range(rows, key_text(action.first), key_text(action.last));
      if (action.flag) {
        result.erase(key_text(action.first));
      } else if (const auto last = find(rows, key_text(action.last));
                 last && key_text(action.first) <= last->first) {
        result.insert(*last);
      }
      return result;
    case Kind::glob:
    case Kind::like:
      return chosen_by(action, rows);
    default:
      return rows;
  }
}

bool is_key(const SqlValue& value) { return key_of(value).has_value(); }

bool no_key_can_match(const Action& action) {
  switch (action.kind) {
    case Kind::update_range:
    case Kind::shift_keys:
    case Kind::remove_range:
    case Kind::scan:
      return key_text(action.first) >= key_text(action.last);
    case Kind::update:
    case Kind::update_key:
    case Kind::update_both:
    case Kind::remove:
    case Kind::get:
    case Kind::get_nocase:
      return !is_key(action.key);
    case Kind::get_in:
      return !is_key(action.key) && !is_key(action.key2) && !is_key(action.key3);
    default:
      return false;
  }
}

}  // namespace

std::optional<std::string> key_of(const SqlValue& value) { return coerce_key(value).text; }

bool matches_glob(const std::string& pattern, const std::string& text) {
  return matches(pattern, text, '*', '?');
}

Expected without_place(const Action& action) {
  Expected expected = Expected::error(SQLITE_ERROR);
  if (no_key_can_match(action)) expected.codes.insert(SQLITE_OK);
  return expected;
}

RowsOutcome write_rows(const Action& action, const Rows& rows) {
  Writer writer(rows, action.conflict_clause);
  const auto row = find(rows, action.key);
  const Rows in_range = range(rows, key_text(action.first), key_text(action.last));
  switch (action.kind) {
    case Kind::insert:
      writer.insert(action.key, action.value);
      break;
    case Kind::insert_range:
      for (int i = action.first; i <= action.last; ++i) {
        char key[16];
        std::snprintf(key, sizeof key, "k/%03d", i);
        if (!writer.insert(std::string(key), range_value(action, i))) break;
      }
      break;
    case Kind::update:
      if (row) writer.update(row->first, row->first, action.value);
      break;
    case Kind::update_key:
      if (row) writer.update(row->first, action.key2, row->second);
      break;
    case Kind::update_both:
      if (row) writer.update(row->first, action.key2, action.value);
      break;
    case Kind::update_range:
      for (const auto& [key, value] : in_range) writer.update(key, key, action.value);
      break;
    case Kind::shift_keys:
      for (const auto& [key, value] : in_range) {
        if (!writer.update(key, shifted(key), value)) break;
      }
      break;
    case Kind::remove:
      if (row) writer.erase(row->first);
      break;
    case Kind::remove_range:
      for (const auto& [key, value] : in_range) writer.erase(key);
      break;
    default:
      for (const auto& [key, value] : rows) writer.erase(key);
  }
  return writer.outcome();
}

std::vector<SqlRow> read_rows(const Action& action, const Rows& rows) {
  std::vector<SqlRow> result;
  const Rows found = chosen(action, rows);
  if (action.kind == Kind::count) {
    result.push_back({static_cast<std::int64_t>(found.size())});
    return result;
  }
  for (const auto& [key, value] : found) result.push_back({key, value});
  if (action.descending && action.kind != Kind::get && action.kind != Kind::get_nocase) {
    std::reverse(result.begin(), result.end());
  }
  if (action.kind == Kind::scan && action.limit >= 0 &&
      result.size() > static_cast<std::size_t>(action.limit)) {
    result.resize(static_cast<std::size_t>(action.limit));
  }
  return result;
}

}  // namespace vkv::model
