// What may come out of a store in place of a node.
#include <gtest/gtest.h>

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/tree/node_builder.h"

namespace vkv {
namespace {

using namespace std::string_literals;

StoredValue in_node(BytesView bytes, ValueType type = ValueType::blob) {
  return {type, StoredValue::Placement::in_node, bytes};
}

Bytes leaf() {
  NodeBuilder builder(0);
  builder.add("key/1", in_node("value"));
  builder.add("key/2", in_node("12345678", ValueType::integer));
  builder.add("key/3", in_node("", ValueType::null));
  builder.add("key/33", in_node("text", ValueType::text));
  return builder.finish();
}

Bytes internal() {
  NodeBuilder builder(1);
  builder.add("key/3", sha256("a"), 3);
  builder.add("key/5", sha256("b"), 300);
  return builder.finish();
}

// The node written again from what was decoded.
Bytes encoded_again(const Node& node) {
  NodeBuilder builder(node.level());
  for (std::size_t i = 0; i < node.size(); ++i) builder.add(node, i);
  return builder.finish();
}

// Whatever decodes is exactly what its entries encode to: no two bodies say the same.
void expect_refused_or_canonical(const Bytes& body) {
  try {
    const NodePtr node = Node::decode(body);
    ASSERT_EQ(encoded_again(*node), body) << to_hex(body);
  } catch (const Corruption&) {
  }
}

TEST(NodeDecode, RefusesEveryTruncationAndExtension) {
  for (const Bytes& body : {leaf(), internal()}) {
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_THROW(Node::decode(body.substr(0, size)), Corruption) << size;
    }
    EXPECT_THROW(Node::decode(body + '\0'), Corruption);
  }
}

TEST(NodeDecode, EveryChangedByteIsRefusedOrAnotherNode) {
  for (const Bytes& body : {leaf(), internal()}) {
    for (std::size_t at = 0; at < body.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        Bytes changed = body;
        changed[at] = static_cast<char>(value);
        expect_refused_or_canonical(changed);
      }
    }
  }
}

TEST(NodeDecode, RefusesLies) {
  const struct {
    const char* what;
    Bytes body;
  } cases[] = {
      {"nothing", ""},
      {"level beyond the deepest",
       "\x21\x01\x00\x00\x00"s + "\x00\x00"s + Bytes(32, 'h') + "\x01"s},
      {"an internal node without children", "\x01\x00\x00\x00\x00"s},
      {"an empty leaf with a prefix", "\x00\x00\x00\x01\x00k"s},
      {"65535 entries in a few bytes", "\x00\xff\xff\x00\x00"s},
      {"keys out of order",
       "\x00\x02\x00\x00\x00\x01\x00\x02\x00\x02\x00\x02\x00\x00\x00"s + "ba"s},
      {"the same key twice",
       "\x00\x02\x00\x00\x00\x01\x00\x02\x00\x02\x00\x02\x00\x00\x00"s + "aa"s},
      {"ends that go back",
       "\x00\x02\x00\x00\x00\x02\x00\x01\x00\x02\x00\x02\x00\x00\x00"s + "ab"s},
      {"an unknown type", "\x00\x01\x00\x01\x00\x01\x00\x01\x00\x05k"s},
      {"an unknown placement", "\x00\x01\x00\x01\x00\x01\x00\x01\x00\x30k"s},
      {"an integer of one byte", "\x00\x01\x00\x01\x00\x01\x00\x02\x00\x02ki"s},
      {"a null with bytes", "\x00\x01\x00\x01\x00\x01\x00\x02\x00\x04kn"s},
      {"a child without rows", "\x01\x01\x00\x01\x00\x01\x00k"s + Bytes(32, 'h') + "\x00"s},
      {"rows beyond 64 bits", "\x01\x02\x00\x00\x00\x01\x00\x02\x00jk"s + Bytes(64, 'h') +
                                  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"s},
  };
  for (const auto& lie : cases) EXPECT_THROW(Node::decode(lie.body), Corruption) << lie.what;
}

}  // namespace
}  // namespace vkv
