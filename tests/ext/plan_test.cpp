#include "ext/plan.h"

#include <gtest/gtest.h>

namespace vkv::ext {
namespace {

using enum KeyOperator;
using Order = PlanRequest::Order;

constexpr KeyConstraint kSingle{equal};
constexpr KeyConstraint kList{equal, true};

TEST(Plan, UsesEveryConstraintAndTheOrder) {
  const struct {
    const char* name;
    PlanRequest request;
    const char* operators;
    bool order_consumed;
    bool descending;
    bool unique;
  } cases[] = {
      {"scan", {{}, Order::none, 100}, "", false, false, false},
      {"ordered", {{}, Order::ascending, 100}, "", true, false, false},
      {"descending", {{}, Order::descending, 100}, "", true, true, false},
      {"other order", {{}, Order::other, 100}, "", false, false, false},
      {"key", {{kSingle}, Order::none, 100}, "=", false, false, true},
      {"key, other order", {{kSingle}, Order::other, 100}, "=", true, false, true},
      {"list", {{kList}, Order::none, 100}, "=", false, false, false},
      {"ordered list", {{kList}, Order::ascending, 100}, "I", true, false, false},
      {"descending list", {{kList}, Order::descending, 100}, "I", true, true, false},
      {"two lists", {{kList, kList}, Order::ascending, 100}, "==", false, false, false},
      {"key and list, other order",
       {{kSingle, kList}, Order::other, 100},
       "==",
       false,
       false,
       true},
      {"between",
       {{{at_or_above}, {at_or_below}}, Order::ascending, 100},
       "gl",
       true,
       false,
       false},
      {"patterns", {{{glob}, {like}}, Order::none, 100}, "GL", false, false, false},
  };
  for (const auto& c : cases) {
    const Plan plan = make_plan(c.request);
    EXPECT_EQ(plan.operators, c.operators) << c.name;
    EXPECT_EQ(plan.order_consumed, c.order_consumed) << c.name;
    EXPECT_EQ(plan.descending, c.descending) << c.name;
    EXPECT_EQ(plan.unique, c.unique) << c.name;
  }
}

TEST(Plan, CostsLessTheMoreIsKnown) {
  const PlanRequest by_cost[] = {
      {{kSingle}, Order::none, 1e6},
      {{kList}, Order::none, 1e6},
      {{{at_or_above}, {at_or_below}}, Order::none, 1e6},
      {{{above}}, Order::none, 1e6},
      {{}, Order::none, 1e6},
  };
  double previous = 0;
  for (const PlanRequest& request : by_cost) {
    const Plan plan = make_plan(request);
    EXPECT_GT(plan.cost, previous);
    EXPECT_GE(plan.rows, 1);
    previous = plan.cost;
  }
  EXPECT_EQ(make_plan({{kSingle}, Order::none, 1e6}).rows, 1);
  EXPECT_EQ(make_plan({{}, Order::none, 1e6}).rows, 1e6);
  EXPECT_EQ(make_plan({{}, Order::none, 0}).rows, 1);
}

TEST(Plan, ChecksPatternsOnceMore) {
  for (const char op : {'=', '<', '>', 'g', 'l', Plan::kWholeList}) EXPECT_TRUE(is_exact(op)) << op;
  for (const char op : {'G', 'L'}) EXPECT_FALSE(is_exact(op)) << op;
}

}  // namespace
}  // namespace vkv::ext
