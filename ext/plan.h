// Plan: how a query on the key is answered. What xBestIndex decides, without SQLite.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ext/key_range.h"

namespace vkv::ext {

// A usable constraint on the key that compares as bytes (or is a pattern).
struct KeyConstraint {
  KeyOperator op;
  bool in_list = false;  // an equality with each value of IN (…)
};

struct PlanRequest {
  enum class Order {
    none,
    ascending,  // by key first; since keys are unique, what follows does not matter
    descending,
    other,
  };

  std::vector<KeyConstraint> constraints;
  Order order = Order::none;
  double rows = 0;  // in the table, roughly
};

// Every constraint is used, its value an argument of xFilter, in the order of the request.
struct Plan {
  // Stands in `operators` for an IN list that is wanted whole, to answer it in key order; other
  // lists are wanted value by value, as equalities.
  static constexpr char kWholeList = 'I';

  std::string operators;  // one letter for each constraint
  bool descending = false;
  bool order_consumed = false;
  bool unique = false;  // at most one row
  double cost = 0;      // in rows visited, seeks weighted
  double rows = 0;      // returned, roughly
};

Plan make_plan(const PlanRequest& request);

// Patterns narrow to a superset; every other constraint holds exactly for the rows returned.
bool is_exact(char plan_operator);

}  // namespace vkv::ext
