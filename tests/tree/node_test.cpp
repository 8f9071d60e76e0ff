#include "core/tree/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/tree/node_builder.h"

namespace vkv {
namespace {

using namespace std::string_literals;

StoredValue text(BytesView bytes) {
  return {ValueType::text, StoredValue::Placement::in_node, bytes};
}

Bytes key(const Node& node, std::size_t i) {
  Bytes key;
  node.copy_key(i, key);
  return key;
}

TEST(Node, LeafGrammar) {
  NodeBuilder builder(0);
  builder.add("apple", text("1"));
  builder.add("apply", text(""));
  const Bytes body = builder.finish();
  EXPECT_EQ(body,
            "\x00\x02\x00\x04\x00"s  // level, count, prefix_size
            "\x05\x00\x06\x00"s      // key ends
            "\x07\x00\x07\x00"s      // value ends
            "\x01\x01"s              // tags
            "appl"s
            "e"s
            "y"s
            "1"s);

  const NodePtr node = Node::decode(body);
  EXPECT_TRUE(node->is_leaf());
  EXPECT_EQ(node->size(), 2u);
  EXPECT_EQ(node->rows(), 2u);
  EXPECT_EQ(node->body(), body);
  EXPECT_EQ(key(*node, 0), "apple");
  EXPECT_EQ(key(*node, 1), "apply");
  EXPECT_EQ(node->value(0), text("1"));
  EXPECT_EQ(node->value(1), text(""));
}

TEST(Node, InternalGrammar) {
  Hash first, second;
  first.bytes.fill('x');
  second.bytes.fill('y');
  NodeBuilder builder(1);
  builder.add("b", first, 3);
  builder.add("c", second, 300);
  const Bytes body = builder.finish();
  EXPECT_EQ(body,
            "\x01\x02\x00\x00\x00"s  // level, count, prefix_size
            "\x01\x00\x02\x00"s      // key ends
            "bc"s +
                Bytes(32, 'x') + Bytes(32, 'y') + "\x03\xac\x02"s);

  const NodePtr node = Node::decode(body);
  EXPECT_EQ(node->level(), 1u);
  EXPECT_EQ(node->rows(), 303u);
  EXPECT_EQ(key(*node, 1), "c");
  EXPECT_EQ(node->child_hash(0), first);
  EXPECT_EQ(node->child_hash(1), second);
  EXPECT_EQ(node->child_rows(1), 300u);
}

TEST(Node, LowerBound) {
  NodeBuilder builder(0);
  for (const char* key : {"ab", "abc", "abe", "abex"}) builder.add(key, text("v"));
  const NodePtr node = Node::decode(builder.finish());
  const struct {
    const char* key;
    std::size_t index;
  } cases[] = {{"", 0},     {"a", 0},    {"aa", 0},  {"aaz", 0}, {"ab", 0},
               {"aba", 1},  {"abc", 1},  {"abd", 2}, {"abe", 2}, {"abea", 3},
               {"abex", 3}, {"abey", 4}, {"ac", 4},  {"b", 4}};
  for (const auto& [key, index] : cases) EXPECT_EQ(node->lower_bound(key), index) << key;
}

}  // namespace
}  // namespace vkv
