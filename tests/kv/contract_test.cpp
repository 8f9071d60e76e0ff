#include "tests/kv/contract.h"

#include <random>
#include <stdexcept>

namespace vkv {
namespace {

using namespace std::literals;
using Keys = std::vector<std::string>;
using Entries = KVStore::Entries;

void set_many(KVStore& store, std::initializer_list<KVStore::Entry> entries) {
  store.set_many({entries.begin(), entries.size()});
}

void remove_many(KVStore& store, std::initializer_list<std::string_view> keys) {
  store.remove_many({keys.begin(), keys.size()});
}

TEST_P(KVStoreContract, StartsEmpty) {
  EXPECT_EQ(store_.get("a"), std::nullopt);
  EXPECT_FALSE(store_.contains("a"));
  EXPECT_EQ(store_.keys(), Keys{});
  EXPECT_EQ(store_.items(), Entries{});
}

TEST_P(KVStoreContract, SetGetRemove) {
  store_.set("a", "1");
  EXPECT_EQ(store_.get("a"), "1");
  EXPECT_TRUE(store_.contains("a"));
  store_.set("a", "2");
  EXPECT_EQ(store_.get("a"), "2");
  EXPECT_EQ(store_.keys(), Keys{"a"});
  store_.remove("a");
  EXPECT_EQ(store_.get("a"), std::nullopt);
  store_.remove("a");
  EXPECT_EQ(store_.keys(), Keys{});
}

TEST_P(KVStoreContract, TakesAnyBytesAsKeyAndValue) {
  const Bytes all = [] {
    Bytes bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
  }();
  const Bytes samples[] = {""s,         "\0"s,       "\0\0"s,    "a\0"s, "a\0b"s, "\xff"s,
                           "\xff\xff"s, "\xc3\x28"s, "'\"%_\\"s, "1"s,   "1.0"s,  Bytes(3000, 'k'),
                           all};
  for (const Bytes& key : samples) {
    for (const Bytes& value : samples) {
      store_.set(key, value);
      EXPECT_EQ(store_.get(key), value);
    }
  }
  EXPECT_EQ(store_.keys().size(), std::size(samples));
  for (const Bytes& key : samples) {
    store_.remove(key);
    EXPECT_FALSE(store_.contains(key));
  }
  EXPECT_EQ(store_.keys(), Keys{});
}

TEST_P(KVStoreContract, KeepsLargeValues) {
  std::mt19937_64 random(1);
  Bytes large(3 << 20, '\0');
  for (char& byte : large) byte = static_cast<char>(random());
  store_.set("large", large);
  EXPECT_EQ(store_.get("large"), large);
}

TEST_P(KVStoreContract, SetsManyAtOnce) {
  set_many(store_, {});
  EXPECT_EQ(store_.items(), Entries{});
  store_.set("b", "old");
  set_many(store_, {{"c", "3"}, {"a", "1"}, {"b", "2"}, {"a", "again"}});
  EXPECT_EQ(store_.items(), (Entries{{"a", "again"}, {"b", "2"}, {"c", "3"}}));
}

TEST_P(KVStoreContract, RemovesManyAtOnce) {
  set_many(store_, {{"a", "1"}, {"b", "2"}, {"c", "3"}});
  remove_many(store_, {});
  EXPECT_EQ(store_.keys(), (Keys{"a", "b", "c"}));
  remove_many(store_, {"c", "missing", "a", "a"});
  EXPECT_EQ(store_.items(), (Entries{{"b", "2"}}));
}

TEST_P(KVStoreContract, GetsTheExistingOnesOfMany) {
  set_many(store_, {{"a", "1"}, {"b", ""}, {"c", "3"}});
  const std::string_view wanted[] = {"c", "missing", "b", "c"};
  EXPECT_EQ(store_.get_many(wanted), (Entries{{"b", ""}, {"c", "3"}}));
  EXPECT_EQ(store_.get_many({}), Entries{});
}

TEST_P(KVStoreContract, ClearsEverything) {
  set_many(store_, {{"", "0"}, {"a", "1"}, {"\xff", "2"}});
  store_.clear();
  EXPECT_EQ(store_.items(), Entries{});
  store_.set("a", "new");
  EXPECT_EQ(store_.items(), (Entries{{"a", "new"}}));
}

TEST_P(KVStoreContract, CompareAndSwap) {
  const struct {
    std::optional<Bytes> before;
    std::optional<BytesView> expected;
    bool swaps;
  } cases[] = {
      {std::nullopt, std::nullopt, true},  // must not exist, and does not
      {std::nullopt, "", false},           // an empty value is not absence
      {std::nullopt, "old", false},
      {"old", std::nullopt, false},
      {"old", "old", true},
      {"old", "other", false},
      {"old", "ol", false},
      {"old", "old\0"sv, false},
      {"old", "OLD", false},
      {"", std::nullopt, false},
      {"", "", true},
      {"", "\0"sv, false},
      {"a\0b"s, "a\0c"sv, false},
      {"a\0b"s, "a\0b"sv, true},
  };
  for (const auto& [before, expected, swaps] : cases) {
    store_.clear();
    store_.set("other", "untouched");
    if (before) store_.set("k", *before);
    EXPECT_EQ(store_.cas("k", "new", expected), swaps);
    EXPECT_EQ(store_.get("k"), swaps ? std::optional<Bytes>("new") : before);
    EXPECT_EQ(store_.get("other"), "untouched");
  }
}

TEST_P(KVStoreContract, CompareAndSwapToTheSameOrAnEmptyValue) {
  EXPECT_TRUE(store_.cas("", "", std::nullopt));
  EXPECT_TRUE(store_.cas("", "", ""));
  EXPECT_EQ(store_.get(""), "");
}

TEST_P(KVStoreContract, VisitsEveryPrefixInMemcmpOrder) {
  const Bytes keys[] = {"",
                        "\0"s,
                        "\0\0"s,
                        "\0a"s,
                        "a",
                        "a\0"s,
                        "a\0b"s,
                        "a\xff",
                        "a\xff\xff",
                        "a\xff"
                        "b",
                        "b",
                        "ab",
                        "\x7f",
                        "\x80",
                        "\xfe",
                        "\xfe\xff",
                        "\xff",
                        "\xff\0"s,
                        "\xff\xfe",
                        "\xff\xff",
                        "\xff\xff\0"s,
                        "A",
                        "\xff\xff\xff",
                        "\xff"
                        "a"};
  Entries model;
  for (const Bytes& key : keys) {
    model[key] = "value of " + key;
    store_.set(key, model[key]);
  }
  Keys prefixes(std::begin(keys), std::end(keys));
  prefixes.insert(prefixes.end(), {"c", "\xff\xff\xff\xff", "a\xfe", "\x01"});
  for (const Bytes& prefix : prefixes) {
    Entries expected;
    for (const auto& entry : model) {
      if (entry.first.starts_with(prefix)) expected.insert(entry);
    }
    Keys visited_keys, visited;
    store_.visit_keys(prefix, [&](std::string_view key) {
      visited_keys.emplace_back(key);
      return true;
    });
    store_.visit(prefix, [&](std::string_view key, BytesView value) {
      visited.emplace_back(key);
      EXPECT_EQ(value, expected.at(std::string(key)));
      return true;
    });
    Keys expected_keys;
    for (const auto& entry : expected) expected_keys.push_back(entry.first);
    EXPECT_EQ(visited_keys, expected_keys) << to_hex(prefix);
    EXPECT_EQ(visited, expected_keys) << to_hex(prefix);
    EXPECT_EQ(store_.keys(prefix), expected_keys);
    EXPECT_EQ(store_.items(prefix), expected);
  }
}

TEST_P(KVStoreContract, VisitStopsWhenToldTo) {
  set_many(store_, {{"a", "1"}, {"b", "2"}, {"c", "3"}});
  int calls = 0;
  store_.visit_keys("", [&](std::string_view) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
  store_.visit("", [&](std::string_view, BytesView) { return ++calls < 3; });
  EXPECT_EQ(calls, 3);
  store_.set("d", "4");
  EXPECT_EQ(store_.keys(), (Keys{"a", "b", "c", "d"}));
}

TEST_P(KVStoreContract, VisitorMayReadAndMayThrow) {
  set_many(store_, {{"a", "1"}, {"b", "2"}});
  Entries seen;
  store_.visit_keys("", [&](std::string_view key) {
    seen[std::string(key)] = store_.get(key).value();
    EXPECT_EQ(store_.keys(), (Keys{"a", "b"}));
    return true;
  });
  EXPECT_EQ(seen, store_.items());
  const auto thrower = [](std::string_view, BytesView) -> bool { throw std::out_of_range("mine"); };
  EXPECT_THROW(store_.visit("", thrower), std::out_of_range);
  store_.set("c", "3");
  EXPECT_EQ(store_.get("c"), "3");
}

TEST_P(KVStoreContract, ExclusiveKeepsWhatItsBodyWrote) {
  store_.set("a", "1");
  const bool ran = store_.exclusive([&] {
    store_.set("b", "2");
    EXPECT_TRUE(store_.cas("a", "changed", "1"));
    EXPECT_EQ(store_.keys(), (Keys{"a", "b"}));
  });
  EXPECT_EQ(ran, GetParam().has_exclusive);
  EXPECT_EQ(store_.items(), ran ? (Entries{{"a", "changed"}, {"b", "2"}}) : (Entries{{"a", "1"}}));
}

TEST_P(KVStoreContract, ExclusiveUndoesWhatAThrowingBodyWrote) {
  if (!GetParam().has_exclusive) return;
  set_many(store_, {{"a", "1"}, {"b", "2"}, {"c", "3"}});
  const Entries before = store_.items();
  const auto body = [&] {
    store_.set("a", "changed");
    store_.set("a", "again");
    store_.remove("b");
    store_.set("b", "back");
    store_.set("new", "x");
    store_.remove("new");
    store_.clear();
    store_.set("c", "after");
    throw std::out_of_range("mine");
  };
  EXPECT_THROW(store_.exclusive(body), std::out_of_range);
  EXPECT_EQ(store_.items(), before);
}

TEST_P(KVStoreContract, ExclusiveNests) {
  if (!GetParam().has_exclusive) return;
  store_.exclusive([&] {
    store_.set("outer", "1");
    EXPECT_TRUE(store_.exclusive([&] { store_.set("kept", "1"); }));
    const auto thrower = [&] {
      store_.set("outer", "overwritten");
      store_.set("inner", "1");
      throw std::out_of_range("mine");
    };
    EXPECT_THROW(store_.exclusive(thrower), std::out_of_range);
    EXPECT_EQ(store_.items(), (Entries{{"kept", "1"}, {"outer", "1"}}));
  });
  EXPECT_EQ(store_.items(), (Entries{{"kept", "1"}, {"outer", "1"}}));
}

TEST_P(KVStoreContract, AgreesWithAnOrderedMapUnderRandomOperations) {
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto random_key = [&] {
    Bytes key(below(4), '\0');
    for (char& c : key) c = "\x00\x01\x61\xff"[below(4)];
    return key;
  };
  Entries model;
  for (int step = 0; step < 2000; ++step) {
    const Bytes key = random_key();
    const Bytes value = std::to_string(step);
    switch (below(6)) {
      case 0:
      case 1:
        store_.set(key, value);
        model[key] = value;
        break;
      case 2:
        store_.remove(key);
        model.erase(key);
        break;
      case 3: {
        const auto found = model.find(random_key());
        const bool expect_value = found != model.end() && below(2) == 0;
        const std::optional<Bytes> expected =
            expect_value ? std::optional<Bytes>(found->second) : std::nullopt;
        const auto current = model.find(key);
        const bool swaps =
            current == model.end() ? !expected.has_value() : expected == current->second;
        ASSERT_EQ(store_.cas(key, value, expected), swaps);
        if (swaps) model[key] = value;
        break;
      }
      case 4: {
        const auto found = model.find(key);
        ASSERT_EQ(store_.get(key),
                  found == model.end() ? std::nullopt : std::optional<Bytes>(found->second));
        break;
      }
      default: {
        Entries expected;
        for (const auto& entry : model) {
          if (entry.first.starts_with(key)) expected.insert(entry);
        }
        ASSERT_EQ(store_.items(key), expected);
      }
    }
  }
  EXPECT_EQ(store_.items(), model);
}

}  // namespace
}  // namespace vkv
