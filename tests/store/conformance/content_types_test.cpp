// engine.md, "Merge functions, content types" and "Typed values".
#include "core/store/json_value.h"
#include "tests/store/conformance/stores.h"

namespace vkv {
namespace {

using Json = nlohmann::json;

// What `type` makes of base, ours and theirs; the conflict when there is one.
template <typename T>
std::optional<Bytes> merge_with(const ContentType<T>& type, const std::optional<Bytes>& old,
                                const std::optional<Bytes>& ours,
                                const std::optional<Bytes>& theirs) {
  const auto side = [](const std::optional<Bytes>& bytes) -> std::optional<Value> {
    return bytes ? std::optional(Value(ValueType::blob, *bytes)) : std::nullopt;
  };
  TwoWriters w{{"start", "0"}};
  w.ours.commit_changes({{"k", side(old)}});
  w.theirs.refresh();
  w.theirs.commit_changes({{"k", side(theirs)}, {"theirs", side("")}});
  w.ours.set_content_type("k", type);
  w.ours.commit_changes({{"k", side(ours)}});
  return w.ours.get("k");
}

template <typename T>
std::string merge_error(const ContentType<T>& type, const std::optional<Bytes>& old,
                        const std::optional<Bytes>& ours, const std::optional<Bytes>& theirs) {
  try {
    merge_with(type, old, ours, theirs);
  } catch (const MergeConflict& conflict) {
    EXPECT_EQ(conflict.conflicting_keys(), Keys{"k"});
    const auto it = conflict.merge_errors().find("k");
    return it == conflict.merge_errors().end() ? "declined" : it->second;
  }
  return "merged";
}

Bytes count(std::int64_t n) { return counter().encode(n); }

TEST(Counter, EncodesSignedIntegersOfItsWidth) {
  struct Case {
    ByteOrder encoding;
    int byte_length;
    std::int64_t value;
    Bytes bytes;
  };
  const Case cases[] = {
      {ByteOrder::big, 8, 1, Bytes("\0\0\0\0\0\0\0\1", 8)},
      {ByteOrder::big, 8, -1, Bytes(8, '\xff')},
      {ByteOrder::big, 8, INT64_MIN, Bytes("\x80\0\0\0\0\0\0\0", 8)},
      {ByteOrder::big, 8, INT64_MAX, Bytes("\x7f\xff\xff\xff\xff\xff\xff\xff", 8)},
      {ByteOrder::little, 8, 258, Bytes("\2\1\0\0\0\0\0\0", 8)},
      {ByteOrder::big, 2, -2, "\xff\xfe"},
      {ByteOrder::little, 2, -2, "\xfe\xff"},
      {ByteOrder::big, 1, -128, "\x80"},
      {ByteOrder::big, 1, 127, "\x7f"},
  };
  for (const Case& c : cases) {
    const auto type = counter({.encoding = c.encoding, .byte_length = c.byte_length});
    EXPECT_EQ(type.encode(c.value), c.bytes) << c.value;
    EXPECT_EQ(type.decode(c.bytes), c.value);
  }
}

TEST(Counter, RefusesOtherWidths) {
  for (const int width : {0, -1, 9}) {
    EXPECT_THROW(counter({.byte_length = width}), InvalidArgument);
  }
  EXPECT_THROW(counter({.byte_length = 1}).encode(128), InvalidArgument);
  EXPECT_THROW(counter().decode("1"), InvalidArgument);
}

TEST(Counter, AddsWhatBothSidesAdded) {
  EXPECT_EQ(merge_with(counter(), count(10), count(13), count(8)), count(11));
  EXPECT_EQ(merge_with(counter(), count(-5), count(-6), count(-7)), count(-8));
}

// Two writers that count one up each have counted two up.
TEST(Counter, EqualChangesAddUpToo) {
  EXPECT_EQ(merge_with(counter(), count(10), count(11), count(11)), count(12));
  EXPECT_EQ(merge_with(counter(), std::nullopt, count(1), count(1)), count(2));
}

TEST(Counter, AnAbsentOldIsZero) {
  EXPECT_EQ(merge_with(counter(), std::nullopt, count(3), count(4)), count(7));
}

TEST(Counter, ARemovedSideDeclines) {
  EXPECT_EQ(merge_error(counter(), count(1), std::nullopt, count(2)), "declined");
  EXPECT_EQ(merge_error(counter(), count(1), count(2), std::nullopt), "declined");
}

TEST(Counter, OverflowAndWrongLengthAreMergeErrors) {
  EXPECT_THAT(merge_error(counter(), count(0), count(INT64_MAX), count(1)),
              testing::HasSubstr("overflow"));
  EXPECT_THAT(merge_error(counter(), count(INT64_MIN), count(INT64_MAX), count(INT64_MAX - 1)),
              testing::HasSubstr("overflow"));
  EXPECT_THAT(merge_error(counter(), count(0), "1", count(1)), testing::HasSubstr("1 bytes"));
  EXPECT_THAT(merge_error(counter({.byte_length = 1}), "\x01", "\x7f", "\x02"),
              testing::HasSubstr("overflow"));
  // What overflows on the way but not in the end is no overflow.
  EXPECT_EQ(merge_with(counter(), count(INT64_MAX), count(INT64_MAX - 1), count(INT64_MAX - 2)),
            count(INT64_MAX - 3));
}

TEST(LastWriterWins, IsTheirs) {
  EXPECT_EQ(merge_with(last_writer_wins(), "0", "o", "t"), "t");
  EXPECT_EQ(merge_with(last_writer_wins(), "0", std::nullopt, "t"), "t");
  EXPECT_EQ(merge_with(last_writer_wins(), "0", "o", std::nullopt), std::nullopt);
  EXPECT_EQ(last_writer_wins().encode("x"), "x");
  EXPECT_EQ(last_writer_wins().decode("x"), "x");
}

TEST(JsonValue, IsCompactAndSorted) {
  EXPECT_EQ(json_value().encode(Json::parse(R"( { "b" : [1, 2], "a" : {"z": null, "y": "é"} } )")),
            R"({"a":{"y":"é","z":null},"b":[1,2]})");
  EXPECT_EQ(json_value().decode(" [ 1 ] "), Json::array({1}));
}

TEST(JsonValue, TheirsWinsByDefault) {
  EXPECT_EQ(merge_with(json_value(), "0", "{\"o\":1}", "{\"t\": 1}"), "{\"t\":1}");
}

TEST(JsonValue, MergesDecodedValues) {
  using Side = std::optional<Json>;
  const auto sum = json_value([](const Side& old, const Side& ours, const Side& theirs) -> Side {
    return Json{
        {"n", (*ours)["n"].get<int>() + (*theirs)["n"].get<int>() - (*old)["n"].get<int>()}};
  });
  EXPECT_EQ(merge_with(sum, "{\"n\":1}", "{\"n\":2}", "{\"n\":5}"), "{\"n\":6}");
}

TEST(JsonValue, ADecodeFailureIsTheMergeErrorOfItsKey) {
  const Bytes bad[] = {"{", "", "1 2", "nul", Bytes("1\0", 2), "\"\xff\"", "01", "[1,]"};
  for (const Bytes& text : bad) {
    EXPECT_THAT(merge_error(json_value(), "0", text, "2"), testing::HasSubstr("JSON")) << text;
  }
}

TEST(JsonValue, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return Bytes(depth, '[') + Bytes(depth, ']'); };
  EXPECT_NO_THROW(json_value().encode(json_value().decode(nested(100))));
  EXPECT_THROW(json_value().decode(nested(102)), InvalidArgument);
  EXPECT_THROW(json_value().decode(nested(1'000'000)), InvalidArgument);
  EXPECT_THROW(json_value().encode(Json("\xff")), InvalidArgument);
}

// A type of the application's own.
struct Point {
  int x = 0;
  int y = 0;
};

const ContentType<Point> kPoint = {
    .encode = [](const Point& p) { return std::to_string(p.x) + "," + std::to_string(p.y); },
    .decode =
        [](BytesView bytes) {
          const std::size_t comma = bytes.find(',');
          if (comma == bytes.npos) throw std::runtime_error("no point");
          return Point{std::stoi(Bytes(bytes.substr(0, comma))),
                       std::stoi(Bytes(bytes.substr(comma + 1)))};
        },
    .merge = [](const std::optional<Point>&, const std::optional<Point>& ours,
                const std::optional<Point>& theirs) -> std::optional<Point> {
      if (!ours || !theirs) return std::nullopt;
      return Point{std::max(ours->x, theirs->x), std::max(ours->y, theirs->y)};
    },
};

TEST(CustomType, MergesDecodedValuesARemovedSideBeingAbsent) {
  EXPECT_EQ(merge_with(kPoint, "0,0", "1,2", "2,1"), "2,2");
  EXPECT_EQ(merge_with(kPoint, "0,0", "1,2", std::nullopt), std::nullopt);
  EXPECT_EQ(merge_error(kPoint, "0,0", "x", "1,1"), "no point");
}

TEST(CustomType, IsRegisteredWithItsMergeFunctionAndFoundAgain) {
  Versioned v;
  EXPECT_EQ(v.get_content_type<Point>("p"), nullptr);
  v.set_content_type("p", kPoint);
  const ContentType<Point>* type = v.get_content_type<Point>("p");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->encode({1, 2}), "1,2");
  EXPECT_EQ(v.get_content_type<Bytes>("p"), nullptr);
}

TEST(CustomType, AsMergeFnIsAMergeFunctionForACall) {
  TwoWriters w{{"p", "0,0"}};
  w.theirs.commit({{"p", "5,0"}});
  w.ours.commit({{"p", "0,7"}}, {}, {.merge_fns = {{"p", kPoint.as_merge_fn()}}});
  EXPECT_EQ(w.ours.get("p"), "5,7");
}

TEST(CustomType, WithoutAMergeLeavesTheKeyToTheDefault) {
  ContentType<Point> type = kPoint;
  type.merge = nullptr;
  TwoWriters w{{"p", "0,0"}};
  w.ours.set_content_type("p", type);
  w.ours.set_default_merge(always("default"));
  w.theirs.commit({{"p", "5,0"}});
  w.ours.commit({{"p", "0,7"}});
  EXPECT_EQ(w.ours.get("p"), "default");
}

// Typed values.

TEST(TypedValues, SetWritesABlob) {
  Staged s(std::make_shared<Versioned>());
  s.set("k", "v");
  s.commit();
  EXPECT_EQ(s.get_value("k"), Value(ValueType::blob, "v"));
}

TEST(TypedValues, KeepTheirType) {
  const Value values[] = {{ValueType::blob, "b"},
                          {ValueType::text, "é"},
                          {ValueType::integer, count(-1)},
                          {ValueType::real, Bytes("\x3f\xf0\0\0\0\0\0\0", 8)},
                          {ValueType::null, ""}};
  for (const Value& value : values) {
    Staged s(std::make_shared<Versioned>());
    s.set_value("k", value);
    EXPECT_EQ(s.get_value("k"), value);
    s.commit();
    EXPECT_EQ(s.get_value("k"), value);
    EXPECT_EQ(s.get("k"), value.bytes);
    EXPECT_TRUE(s.contains("k"));
  }
}

TEST(TypedValues, RefuseBytesWithoutTheFormOfTheirType) {
  const Value bad[] = {{ValueType::text, "\xff"},
                       {ValueType::integer, "1"},
                       {ValueType::real, Bytes(9, '\0')},
                       {ValueType::null, "x"},
                       {static_cast<ValueType>(9), ""}};
  for (const Value& value : bad) {
    Staged s(std::make_shared<Versioned>());
    EXPECT_THROW(s.set_value("k", value), InvalidArgument);
    EXPECT_THROW(s.versioned().commit({{"k", value}}), InvalidArgument);
  }
}

TEST(TypedValues, NullIsPresentAndEmpty) {
  Versioned v;
  v.commit({{"k", Value(ValueType::null, "")}});
  EXPECT_EQ(v.get("k"), "");
  EXPECT_TRUE(v.contains("k"));
}

TEST(TypedValues, ATypeIsPartOfTheContent) {
  TwoWriters w{{"k", "0"}};
  const auto a = w.ours.commit({{"k", Value(ValueType::text, "v")}}).commit;
  const auto b = w.ours.commit({{"k", Value(ValueType::blob, "v")}}).commit;
  EXPECT_NE(a, b);
  EXPECT_EQ(w.ours.diff(*a, *b).modified, std::set<std::string>{"k"});
  // Equal bytes of different types are different changes.
  w.theirs.refresh();
  w.theirs.commit({{"k", Value(ValueType::text, "w")}});
  EXPECT_THROW(w.ours.commit({{"k", Value(ValueType::blob, "w")}}), MergeConflict);
}

TEST(TypedValues, TheMergedValueTakesOursTypeWhenSharedAndFitting) {
  struct Case {
    Value ours;
    Value theirs;
    Bytes merged;
    ValueType expected;
  };
  const Case cases[] = {
      {{ValueType::integer, count(1)},
       {ValueType::integer, count(2)},
       count(3),
       ValueType::integer},
      {{ValueType::integer, count(1)}, {ValueType::integer, count(2)}, "3", ValueType::blob},
      {{ValueType::text, "o"}, {ValueType::text, "t"}, "é", ValueType::text},
      {{ValueType::text, "o"}, {ValueType::text, "t"}, "\xff", ValueType::blob},
      {{ValueType::text, "o"}, {ValueType::blob, "t"}, "m", ValueType::blob},
      {{ValueType::integer, count(1)}, {ValueType::text, "t"}, count(3), ValueType::blob},
      {{ValueType::blob, "o"}, {ValueType::blob, "t"}, "m", ValueType::blob},
  };
  for (const Case& c : cases) {
    TwoWriters w{{"k", "0"}};
    w.theirs.commit({{"k", c.theirs}});
    w.ours.commit({{"k", c.ours}}, {}, {.merge_fns = {{"k", always(c.merged)}}});
    EXPECT_EQ(w.ours.get_value("k"), Value(c.expected, c.merged));
  }
}

TEST(TypedValues, CountersWorkOnIntegers) {
  TwoWriters w{{"k", Value(ValueType::integer, count(1))}};
  w.ours.set_content_type("k", counter());
  w.theirs.commit({{"k", Value(ValueType::integer, count(11))}});
  w.ours.commit({{"k", Value(ValueType::integer, count(101))}});
  EXPECT_EQ(w.ours.get_value("k"), Value(ValueType::integer, count(111)));
}

}  // namespace
}  // namespace vkv
