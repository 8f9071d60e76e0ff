// KeyQuery: which keys a query asks for; and how SQLite and a table agree on that.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/kv/sqlite.h"
#include "ext/key_range.h"

namespace vkv::ext {

// For xBestIndex of a table of about `rows` rows in key order, whose key is column `key_column`:
// fills in the plan for the constraints on it, whose values become arguments `first_argument`
// onwards of xFilter. Only comparisons in BINARY collation are taken. idxStr gets a letter for each
// (ext/plan.h; null: none), kDescending is set in idxNum.
void plan_by_key(sqlite3_index_info& info, int key_column, double rows, int first_argument = 1);
inline constexpr int kDescending = 1;

// For xFilter: the plan together with its values. Meant to be kept and filled again, so that a
// query of the shape `key` allocates nothing.
class KeyQuery {
 public:
  enum class Shape {
    none,   // no key
    key,    // key()
    keys,   // keys()
    range,  // range(), everything when it has no bounds
  };

  // `values`: one for each letter of `operators`. Numbers stand for their text; as in any
  // comparison with text, NULL matches nothing, and a blob is above all keys.
  void read(sqlite3* db, std::string_view operators, std::span<sqlite3_value* const> values);

  // From now on asks for the keys that start with `prefix` and go on as those it asked for.
  void move_below(BytesView prefix);

  Shape shape() const { return shape_; }
  BytesView key() const { return key_; }
  // Ascending, each once.
  const std::vector<Bytes>& keys() const { return keys_; }
  const KeyRange& range() const { return range_; }

 private:
  void narrow(char plan_operator, sqlite3_value* value);
  void read_list(sqlite3* db, sqlite3_value* list);
  void keep_keys_in_range();

  Shape shape_ = Shape::none;
  Bytes key_;
  std::vector<Bytes> keys_;
  KeyRange range_;
};

}  // namespace vkv::ext
