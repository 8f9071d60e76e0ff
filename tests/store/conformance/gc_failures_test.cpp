// engine.md, "GCVersioned": what stands when the store fails.
#include "tests/kv/failing_store.h"
#include "tests/store/conformance/budget.h"

namespace vkv {
namespace {

// A store that fails at the n-th call from `arm` on: that call alone, or every one from it.
struct Failures : testing::TestWithParam<bool> {
  void arm(std::size_t n) { GetParam() ? kv->fail_at(n) : kv->fail_from(n); }
  // Starts anew, with one commit of 60 of 100 bytes.
  void restart() {
    memory = std::make_unique<Memory>();
    kv = std::make_shared<FailingStore>(*memory);
    v = std::make_shared<GCVersioned>(kv, GCVersionedOptions{.high_water_bytes = 100});
    v->commit({{"a", sized(60)}});
    before = v->current_commit();
  }

  std::unique_ptr<Memory> memory;
  std::shared_ptr<FailingStore> kv;
  std::shared_ptr<GCVersioned> v;
  std::string before;
};

INSTANTIATE_TEST_SUITE_P(OneOrAll, Failures, testing::Bool());

TEST_P(Failures, ACommitStandsOrChangesNothing) {
  int thrown = 0;
  int reported = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    restart();
    Staged s(v);
    s.set("b", sized(60));
    arm(n);
    bool threw = false;
    try {
      s.commit();
    } catch (const InjectedFailure&) {
      threw = true;
    }
    kv->repair();
    EXPECT_EQ(s.has_changes(), threw);
    EXPECT_EQ(v->current_commit(), v->latest_head());
    EXPECT_EQ(v->current_commit() == before, threw);
    const std::optional<std::string> error = v->last_rebase_result()->error;
    if (!threw && !error) break;
    ++(threw ? thrown : reported);
    EXPECT_EQ(error.value_or("thrown"), threw ? "thrown" : "injected failure");
    // What was kept from happening does with the next commit.
    s.set("c", "1");
    EXPECT_TRUE(s.commit());
    EXPECT_EQ(v->last_rebase_result()->error, std::nullopt);
    EXPECT_LE(v->last_rebase_result()->total_size_after, 100U);
    EXPECT_TRUE(v->contains("c"));
  }
  EXPECT_GT(thrown, 0);
  EXPECT_GT(reported, 0);
}

TEST_P(Failures, ARebaseStandsOrChangesNothing) {
  int thrown = 0;
  int reported = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    restart();
    v->get("a");
    arm(n);
    RebaseResult result;
    try {
      result = v->rebase({.keep_keys = std::set<std::string, std::less<>>{}});
    } catch (const InjectedFailure&) {
    }
    kv->repair();
    EXPECT_EQ(v->current_commit(), v->latest_head());
    EXPECT_EQ(v->current_commit() != before, result.performed);
    EXPECT_EQ(v->keys(), result.performed ? Keys{} : Keys{"a"});
    if (result.performed && !result.error) break;
    ++(result.performed ? reported : thrown);
  }
  EXPECT_GT(thrown, 0);
  EXPECT_GT(reported, 0);
}

}  // namespace
}  // namespace vkv
