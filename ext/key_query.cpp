#include "ext/key_query.h"

#include <algorithm>
#include <new>
#include <optional>

#include "core/kv/statement.h"
#include "ext/key_text.h"
#include "ext/plan.h"

namespace vkv::ext {
namespace {

constexpr char kEqual = static_cast<char>(KeyOperator::equal);

std::optional<KeyOperator> key_operator(unsigned char op) {
  switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
      return KeyOperator::equal;
    case SQLITE_INDEX_CONSTRAINT_GT:
      return KeyOperator::above;
    case SQLITE_INDEX_CONSTRAINT_GE:
      return KeyOperator::at_or_above;
    case SQLITE_INDEX_CONSTRAINT_LT:
      return KeyOperator::below;
    case SQLITE_INDEX_CONSTRAINT_LE:
      return KeyOperator::at_or_below;
    case SQLITE_INDEX_CONSTRAINT_GLOB:
      return KeyOperator::glob;
    case SQLITE_INDEX_CONSTRAINT_LIKE:
      return KeyOperator::like;
    default:
      return {};
  }
}

bool is_pattern(KeyOperator op) { return op == KeyOperator::glob || op == KeyOperator::like; }

// What constraint i says about the key, if it can be used. Patterns bring their own comparison.
std::optional<KeyConstraint> key_constraint(sqlite3_index_info& info, int i, int key_column) {
  const auto& constraint = info.aConstraint[i];
  if (!constraint.usable || constraint.iColumn != key_column) return {};
  const auto op = key_operator(constraint.op);
  if (!op) return {};
  const char* const collation = sqlite3_vtab_collation(&info, i);
  if (!is_pattern(*op) && sqlite3_stricmp(collation, "BINARY") != 0) return {};
  return KeyConstraint{*op, *op == KeyOperator::equal && sqlite3_vtab_in(&info, i, -1) != 0};
}

PlanRequest::Order requested_order(const sqlite3_index_info& info, int key_column) {
  if (info.nOrderBy == 0) return PlanRequest::Order::none;
  if (info.aOrderBy[0].iColumn != key_column) return PlanRequest::Order::other;
  return info.aOrderBy[0].desc ? PlanRequest::Order::descending : PlanRequest::Order::ascending;
}

void set_index_string(sqlite3_index_info& info, const std::string& text) {
  if (text.empty()) return;
  info.idxStr = sqlite3_mprintf("%s", text.c_str());
  if (info.idxStr == nullptr) throw std::bad_alloc();
  info.needToFreeIdxStr = 1;
}

}  // namespace

void plan_by_key(sqlite3_index_info& info, int key_column, double rows, int first_argument) {
  PlanRequest request;
  std::vector<int> used;
  for (int i = 0; i < info.nConstraint; ++i) {
    if (const auto constraint = key_constraint(info, i, key_column)) {
      request.constraints.push_back(*constraint);
      used.push_back(i);
    }
  }
  request.order = requested_order(info, key_column);
  request.rows = rows;

  const Plan plan = make_plan(request);
  for (std::size_t k = 0; k < used.size(); ++k) {
    auto& usage = info.aConstraintUsage[used[k]];
    usage.argvIndex = first_argument + static_cast<int>(k);
    usage.omit = is_exact(plan.operators[k]);
    if (plan.operators[k] == Plan::kWholeList) sqlite3_vtab_in(&info, used[k], 1);
  }
  set_index_string(info, plan.operators);
  info.idxNum = plan.descending ? kDescending : 0;
  info.orderByConsumed = plan.order_consumed;
  info.estimatedCost = plan.cost;
  info.estimatedRows = static_cast<sqlite3_int64>(plan.rows);
  if (plan.unique) info.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
}

void KeyQuery::read(sqlite3* db, std::string_view operators,
                    std::span<sqlite3_value* const> values) {
  if (operators.size() == 1 && operators[0] == kEqual) {
    const auto key = key_text(values[0]);
    shape_ = key ? Shape::key : Shape::none;
    if (key) key_ = *key;
    return;
  }
  shape_ = Shape::range;
  range_ = KeyRange();
  for (std::size_t i = 0; i < operators.size(); ++i) {
    if (operators[i] == Plan::kWholeList) {
      read_list(db, values[i]);
    } else {
      narrow(operators[i], values[i]);
    }
  }
  if (range_.none()) shape_ = Shape::none;
  if (shape_ == Shape::keys) keep_keys_in_range();
}

void KeyQuery::move_below(BytesView prefix) {
  if (prefix.empty()) return;
  key_.insert(0, prefix);
  for (Bytes& key : keys_) key.insert(0, prefix);
  range_.move_below(prefix);
}

void KeyQuery::narrow(char plan_operator, sqlite3_value* value) {
  const auto op = static_cast<KeyOperator>(plan_operator);
  if (const auto text = key_text(value)) return range_.narrow(op, *text);
  const bool is_below = op == KeyOperator::below || op == KeyOperator::at_or_below;
  const bool is_blob = sqlite3_value_type(value) == SQLITE_BLOB;
  // A blob is below nothing that is text, but patterns match it by its bytes: leave that to SQLite.
  if (is_blob && (is_below || is_pattern(op))) return;
  range_.narrow_to_none();
}

void KeyQuery::read_list(sqlite3* db, sqlite3_value* list) {
  shape_ = Shape::keys;
  keys_.clear();
  sqlite3_value* value = nullptr;
  int code = sqlite3_vtab_in_first(list, &value);
  for (; code == SQLITE_OK && value != nullptr; code = sqlite3_vtab_in_next(list, &value)) {
    if (const auto key = key_text(value)) keys_.emplace_back(*key);
  }
  check_sqlite(db, code);
  std::sort(keys_.begin(), keys_.end());
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
}

void KeyQuery::keep_keys_in_range() {
  std::erase_if(keys_, [this](const Bytes& key) {
    return !range_.reaches_down_to(key) || !range_.reaches_up_to(key);
  });
}

}  // namespace vkv::ext
