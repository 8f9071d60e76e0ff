#include "ext/plan.h"

#include <algorithm>

namespace vkv::ext {
namespace {

constexpr double kSeekCost = 4;
// What SQLite, too, guesses for the length of an IN list, and for what a bound leaves.
constexpr double kListLength = 25;
constexpr double kBoundSelectivity = 0.25;

bool is_single(const KeyConstraint& constraint) {
  return constraint.op == KeyOperator::equal && !constraint.in_list;
}

double estimated_rows(const PlanRequest& request) {
  double rows = std::max(request.rows, 1.0);
  for (const KeyConstraint& constraint : request.constraints) {
    if (is_single(constraint)) return 1;
    if (constraint.in_list) {
      rows = std::min(rows, kListLength);
    } else {
      const bool is_pattern =
          constraint.op == KeyOperator::glob || constraint.op == KeyOperator::like;
      rows *= is_pattern ? kBoundSelectivity * kBoundSelectivity : kBoundSelectivity;
    }
  }
  return std::max(rows, 1.0);
}

}  // namespace

Plan make_plan(const PlanRequest& request) {
  const auto& constraints = request.constraints;
  const auto lists = std::count_if(constraints.begin(), constraints.end(),
                                   [](const KeyConstraint& c) { return c.in_list; });
  const bool by_key = request.order == PlanRequest::Order::ascending ||
                      request.order == PlanRequest::Order::descending;

  Plan plan;
  plan.unique = std::any_of(constraints.begin(), constraints.end(), is_single);
  // One list is answered in order; SQLite walks several by itself, in no order.
  const bool whole_list = by_key && lists == 1;
  plan.order_consumed = (by_key && lists <= 1) ||
                        (request.order == PlanRequest::Order::other && plan.unique && lists == 0);
  plan.descending = request.order == PlanRequest::Order::descending;
  for (const KeyConstraint& constraint : constraints) {
    plan.operators +=
        constraint.in_list && whole_list ? Plan::kWholeList : static_cast<char>(constraint.op);
  }
  plan.rows = estimated_rows(request);
  plan.cost = plan.rows + kSeekCost * (lists > 0 ? plan.rows : 1);
  return plan;
}

bool is_exact(char plan_operator) {
  return plan_operator != static_cast<char>(KeyOperator::glob) &&
         plan_operator != static_cast<char>(KeyOperator::like);
}

}  // namespace vkv::ext
