// engine.md, "Versioned": the three-way merge, and merge(source).
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

using Side = std::optional<Bytes>;

// What one key becomes. Its value at the base, on our side and theirs, absent where the key is not
// there.
struct Case {
  const char* what;
  Side base;
  Side ours;
  Side theirs;
  Side expected;
  bool conflict = false;
};

constexpr auto kNone = std::nullopt;

const Case kCases[] = {
    {"unchanged", "0", "0", "0", "0"},
    {"changed by ours", "0", "1", "0", "1"},
    {"changed by theirs", "0", "0", "2", "2"},
    {"added by ours", kNone, "1", kNone, "1"},
    {"added by theirs", kNone, kNone, "2", "2"},
    {"removed by ours", "0", kNone, "0", kNone},
    {"removed by theirs", "0", "0", kNone, kNone},
    {"both removed it", "0", kNone, kNone, kNone},
    {"both made the same change", "0", "1", "1", "1"},
    {"both added the same", kNone, "1", "1", "1"},
    {"changed differently", "0", "1", "2", kNone, true},
    {"added differently", kNone, "1", "2", kNone, true},
    {"ours changed, theirs removed", "0", "1", kNone, kNone, true},
    {"ours removed, theirs changed", "0", kNone, "2", kNone, true},
};

// A commit that brings k from one value to another, and is no no-op without.
void change(Versioned& v, const Side& from, const Side& to) {
  Changes changes = {{"after " + v.current_commit() + v.current_branch(), Value()}};
  if (to && to != from) changes["k"] = Value(ValueType::blob, *to);
  if (!to && from) changes["k"] = kNone;
  v.commit_changes(changes);
}

// A branch dev with their side beside main with ours.
struct Sides {
  explicit Sides(const Case& c) {
    change(ours, kNone, c.base);
    theirs = ours.create_branch("dev");
    change(ours, c.base, c.ours);
    change(*theirs, c.base, c.theirs);
  }

  Versioned ours;
  std::unique_ptr<Versioned> theirs;
};

TEST(ThreeWay, EachKeyByItself) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    Sides sides(c);
    if (c.conflict) {
      EXPECT_THROW(sides.ours.merge("dev"), MergeConflict);
      EXPECT_EQ(sides.ours.get("k"), c.ours);
    } else {
      EXPECT_EQ(sides.ours.merge("dev").strategy, Strategy::three_way);
      EXPECT_EQ(sides.ours.get("k"), c.expected);
    }
  }
}

TEST(ThreeWay, AContestedKeyIsTheFunctions) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    Sides sides(c);
    sides.ours.set_merge_fn("k", tell());
    sides.ours.merge("dev");
    const Bytes told =
        c.base.value_or("-") + "|" + c.ours.value_or("-") + "|" + c.theirs.value_or("-");
    EXPECT_EQ(sides.ours.get("k"), c.conflict ? Side(told) : c.expected);
  }
}

TEST(ThreeWay, AFunctionMayRemoveTheKey) {
  TwoWriters w{{"k", "0"}};
  w.theirs.commit({{"k", "t"}});
  w.ours.commit({{"k", "o"}}, {}, {.merge_fns = {{"k", always(kNone)}}});
  EXPECT_EQ(w.ours.get("k"), kNone);
}

TEST(ThreeWay, AFunctionThatDeclinesOrThrowsLeavesAConflict) {
  for (const MergeFn& fn : {declining(), throwing("no")}) {
    TwoWriters w{{"k", "0"}};
    w.theirs.commit({{"k", "t"}});
    EXPECT_THROW(w.ours.commit({{"k", "o"}}, {}, {.merge_fns = {{"k", fn}}}), MergeConflict);
  }
}

// Per-call key, instance key, per-call default, instance default.
TEST(ThreeWay, TheNearestFunctionIsAsked) {
  for (int first = 0; first < 5; ++first) {
    SCOPED_TRACE(first);
    TwoWriters w{{"k", "0"}};
    w.theirs.commit({{"k", "t"}});
    CommitOptions call;
    if (first <= 0) call.merge_fns = {{"k", always("0")}};
    if (first <= 1) w.ours.set_merge_fn("k", always("1"));
    if (first <= 2) call.default_merge = always("2");
    if (first <= 3) w.ours.set_default_merge(always("3"));
    if (first == 4) {
      EXPECT_THROW(w.ours.commit({{"k", "o"}}, {}, call), MergeConflict);
    } else {
      w.ours.commit({{"k", "o"}}, {}, call);
      EXPECT_EQ(w.ours.get("k"), std::to_string(first));
    }
  }
}

TEST(ThreeWay, InCommitOursIsThisWriterAndTheirsTheHead) {
  TwoWriters w{{"k", "0"}};
  w.theirs.commit({{"k", "head"}});
  w.ours.commit({{"k", "mine"}}, {}, {.merge_fns = {{"k", tell()}}});
  EXPECT_EQ(w.ours.get("k"), "0|mine|head");
}

TEST(ThreeWay, InMergeOursIsTheBranchAndTheirsTheSource) {
  Versioned v;
  v.commit({{"k", "0"}});
  const auto dev = v.create_branch("dev");
  dev->commit({{"k", "source"}});
  v.commit({{"k", "branch"}});
  const std::string head = v.current_commit();
  const MergeResult result = v.merge("dev", {.default_merge = tell()});
  EXPECT_EQ(v.get("k"), "0|branch|source");
  EXPECT_EQ(v.parents(*result.commit), (Keys{head, dev->current_commit()}));
}

TEST(ThreeWay, IsSymmetricButForTheSides) {
  const auto build = [](auto& main, auto& dev) {
    main.commit({{"a", "0"}, {"b", "0"}, {"c", "0"}, {"r", "0"}});
    dev = main.create_branch("dev");
    main.commit({{"a", "1"}, {"b", "1"}, {"m", "1"}});
    dev->commit({{"a", "2"}, {"c", "2"}, {"d", "2"}}, {"r"});
  };
  Versioned one;
  std::unique_ptr<Versioned> one_dev;
  build(one, one_dev);
  Versioned two;
  std::unique_ptr<Versioned> two_dev;
  build(two, two_dev);

  const auto larger = [](std::optional<BytesView>, std::optional<BytesView> ours,
                         std::optional<BytesView> theirs) -> std::optional<Bytes> {
    return Bytes(std::max(ours, theirs).value_or(""));
  };
  const auto conflicts = [](Versioned& v, const char* source) {
    try {
      v.merge(source);
    } catch (const MergeConflict& conflict) {
      return conflict.conflicting_keys();
    }
    return Keys{};
  };
  EXPECT_EQ(conflicts(one, "dev"), Keys{"a"});
  EXPECT_EQ(conflicts(*two_dev, "main"), Keys{"a"});
  one.merge("dev", {.default_merge = larger});
  two_dev->merge("main", {.default_merge = larger});
  EXPECT_EQ(items(one), items(*two_dev));
}

TEST(ThreeWay, OfACommitWithItselfChangesNothing) {
  Versioned v;
  v.commit({{"k", "v"}});
  const std::string before = v.current_commit();
  EXPECT_EQ(v.merge(before).strategy, Strategy::no_op);
  EXPECT_EQ(v.current_commit(), before);
}

// Criss-cross: each of two branches merged the other, each settling k in its own way.
struct CrissCross {
  explicit CrissCross(const char* author = "") {
    const CommitOptions by{.author = author};
    main.commit({{"k", "0"}, {"sum", counter().encode(0)}});
    dev = main.create_branch("dev");
    main_side = *main.commit({{"k", "m"}, {"sum", counter().encode(1)}}, {}, by).commit;
    dev_side = *dev->commit({{"k", "d"}, {"sum", counter().encode(10)}}, {}, by).commit;
    const CommitOptions settle_main{.merge_fns = {{"k", always("m")}, {"sum", sum}}};
    const CommitOptions settle_dev{.merge_fns = {{"k", always("d")}, {"sum", sum}}};
    main.merge("dev", settle_main);
    dev->merge(main_side, settle_dev);
  }

  MergeFn sum = counter().as_merge_fn();
  Versioned main;
  std::unique_ptr<Versioned> dev;
  std::string main_side, dev_side;  // what each merged of the other: the two best common ancestors
};

TEST(CrissCross, TheVirtualBaseAsksTheSameFunctions) {
  CrissCross c;
  c.main.commit({{"sum", counter().encode(111)}});   // adds 100 to 11
  c.dev->commit({{"sum", counter().encode(1011)}});  // adds 1000
  c.main.merge("dev", {.merge_fns = {{"k", always("x")}, {"sum", c.sum}}});
  EXPECT_EQ(c.main.get("sum"), counter().encode(1111));
}

TEST(CrissCross, TheBasesAreMergedInAscendingHashOrder) {
  std::set<Bytes> orders;
  for (const char* author : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    CrissCross c(author);
    Bytes asked;
    const MergeFn noting = [&](std::optional<BytesView> old, std::optional<BytesView> ours,
                               std::optional<BytesView> theirs) -> std::optional<Bytes> {
      if (old == "0") asked = Bytes(*ours) + Bytes(*theirs);
      return "settled";
    };
    c.main.merge("dev", {.merge_fns = {{"k", noting}, {"sum", c.sum}}});
    EXPECT_EQ(asked, c.main_side < c.dev_side ? "md" : "dm") << author;
    orders.insert(asked);
  }
  EXPECT_EQ(orders.size(), 2U);  // or the hashes above must be others
}

TEST(CrissCross, AnUnsettledKeyIsInConflictAndNoFunctionIsAsked) {
  CrissCross c;
  int asked_at_the_end = 0;
  // Declines in the virtual base, so k is unsettled there; would answer after.
  const MergeFn counting = [&](std::optional<BytesView> old, std::optional<BytesView>,
                               std::optional<BytesView>) -> std::optional<Bytes> {
    if (old != "0") ++asked_at_the_end;
    throw MergeDeclined();
  };
  try {
    c.main.merge("dev", {.merge_fns = {{"k", counting}, {"sum", c.sum}}});
    FAIL();
  } catch (const MergeConflict& conflict) {
    EXPECT_EQ(conflict.conflicting_keys(), Keys{"k"});
  }
  EXPECT_EQ(asked_at_the_end, 0);
}

TEST(CrissCross, AnUnsettledKeyEqualOnBothSidesIsThat) {
  CrissCross c;
  c.main.commit({{"k", "same"}});
  c.dev->commit({{"k", "same"}});
  c.main.merge("dev", {.merge_fns = {{"k", declining()}, {"sum", c.sum}}});
  EXPECT_EQ(c.main.get("k"), "same");
}

TEST(CrissCross, OursAndTheirsSettleAnUnsettledKey) {
  CrissCross a;
  a.main.merge("dev", {.on_conflict = OnConflict::ours, .merge_fns = {{"sum", a.sum}}});
  EXPECT_EQ(a.main.get("k"), "m");
  CrissCross b;
  b.main.merge("dev", {.on_conflict = OnConflict::theirs, .merge_fns = {{"sum", b.sum}}});
  EXPECT_EQ(b.main.get("k"), "d");
}

TEST(CrissCross, BothSidesGetTheSame) {
  CrissCross a;
  CrissCross b;
  const MergeFn larger = [](std::optional<BytesView>, std::optional<BytesView> ours,
                            std::optional<BytesView> theirs) -> std::optional<Bytes> {
    return Bytes(std::max(ours, theirs).value_or(""));
  };
  a.main.merge("dev", {.merge_fns = {{"k", larger}, {"sum", a.sum}}});
  b.dev->merge("main", {.merge_fns = {{"k", larger}, {"sum", b.sum}}});
  EXPECT_EQ(items(a.main), items(*b.dev));
}

// merge(source).

TEST(Merge, OfWhatIsContainedIsANoOp) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev");
  v.commit({{"k", "2"}});
  const std::string before = v.current_commit();
  const MergeResult result = v.merge("dev");
  EXPECT_EQ(result.strategy, Strategy::no_op);
  EXPECT_EQ(result.commit, before);
}

TEST(Merge, OfADescendantIsAFastForward) {
  Versioned v;
  v.commit({{"k", "1"}});
  const auto dev = v.create_branch("dev");
  dev->commit({{"k", "2"}});
  const MergeResult result = v.merge("dev");
  EXPECT_EQ(result.strategy, Strategy::fast_forward);
  EXPECT_EQ(result.commit, dev->current_commit());
  EXPECT_EQ(v.get("k"), "2");
}

TEST(Merge, MakesABranchThatDoesNotExist) {
  Versioned v;
  const auto first = v.commit({{"k", "1"}}).commit;
  v.commit({{"k", "2"}});
  const auto beside = v.checkout(*first, {.branch = "beside"});
  beside->commit({{"x", "1"}});
  const auto fresh = v.checkout(*first, {.branch = "fresh"});
  EXPECT_EQ(fresh->merge(*first).strategy, Strategy::no_op);
  EXPECT_EQ(v.list_branches(), (Keys{"beside", "main"}));
  EXPECT_EQ(fresh->merge("main").strategy, Strategy::fast_forward);
  EXPECT_EQ(fresh->latest_head(), v.current_commit());
  // Its own base is our side.
  const auto own = v.checkout(v.current_commit(), {.branch = "own"});
  const MergeResult merged = own->merge("beside");
  EXPECT_EQ(own->parents(*merged.commit), (Keys{v.current_commit(), beside->current_commit()}));
  EXPECT_EQ(items(*own), (Entries{{"k", "2"}, {"x", "1"}}));
}

TEST(Merge, OfHistoriesThatShareNothingIsNoCommonAncestor) {
  const auto kv = std::make_shared<Memory>();
  GCVersioned v(kv, {.high_water_bytes = 1000});
  v.commit({{"k", "1"}});
  v.create_branch("old")->commit({{"x", "1"}});
  v.rebase();
  const std::string before = v.current_commit();
  EXPECT_THROW(v.merge("old"), NoCommonAncestor);
  EXPECT_FALSE(v.merge("old", {.on_conflict = OnConflict::abandon}));
  EXPECT_EQ(v.latest_head(), before);
}

TEST(Merge, TakesABranchOrACommit) {
  Versioned v;
  v.commit({{"k", "1"}});
  const auto dev = v.create_branch("dev");
  const auto commit = dev->commit({{"x", "2"}}).commit;
  v.merge(*commit);
  EXPECT_EQ(v.get("x"), "2");
  EXPECT_THROW(v.merge("nowhere"), InvalidArgument);
  EXPECT_THROW(v.merge(kUnknownCommit), InvalidArgument);
}

TEST(Merge, KeepsWhatIsSaidOfIt) {
  Versioned v;
  v.commit({{"k", "1"}});
  v.create_branch("dev")->commit({{"x", "2"}});
  v.commit({{"y", "1"}});
  const auto result = v.merge("dev", {.info = "{}", .message = "m", .author = "a", .time = 3});
  EXPECT_EQ(v.commit_metadata(*result.commit), (CommitMetadata{"m", "a", 3, "{}"}));
}

TEST(Merge, OnConflictOursAndTheirsSettleWhatNoFunctionDoes) {
  for (const OnConflict side : {OnConflict::ours, OnConflict::theirs}) {
    Versioned v;
    v.commit({{"k", "0"}, {"f", "0"}});
    v.create_branch("dev")->commit({{"k", "theirs"}, {"f", "t"}, {"x", "1"}});
    v.commit({{"k", "ours"}, {"f", "o"}});
    v.merge("dev", {.on_conflict = side, .merge_fns = {{"f", always("fn")}}});
    EXPECT_EQ(
        items(v),
        (Entries{{"f", "fn"}, {"k", side == OnConflict::ours ? "ours" : "theirs"}, {"x", "1"}}));
  }
}

TEST(Merge, MayBeAbandoned) {
  Versioned v;
  v.commit({{"k", "0"}});
  v.create_branch("dev")->commit({{"k", "t"}});
  v.commit({{"k", "o"}});
  const std::string before = v.current_commit();
  EXPECT_FALSE(v.merge("dev", {.on_conflict = OnConflict::abandon}));
  EXPECT_EQ(v.current_commit(), before);
  EXPECT_EQ(v.latest_head(), before);
}

}  // namespace
}  // namespace vkv
