// Typed values, and the form they take inside a leaf.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/hash.h"

namespace vkv {

class ChunkStore;

// The numbers are persisted.
enum class ValueType : std::uint8_t { blob = 0, text = 1, integer = 2, real = 3, null = 4 };

// Integers are 8 bytes big-endian two's complement, reals 8 bytes big-endian IEEE 754, text UTF-8,
// null no bytes.
struct ValueView {
  ValueType type = ValueType::blob;
  BytesView bytes;

  friend bool operator==(const ValueView&, const ValueView&) = default;
};

struct Value {
  ValueType type = ValueType::blob;
  Bytes bytes;

  Value() = default;
  Value(ValueType t, Bytes b) : type(t), bytes(std::move(b)) {}
  explicit Value(ValueView view) : type(view.type), bytes(view.bytes) {}
  operator ValueView() const { return {type, bytes}; }

  friend bool operator==(const Value&, const Value&) = default;
};

// A value as a leaf holds it. Equal values have equal stored forms, in every store.
struct StoredValue {
  // The numbers are persisted.
  enum class Placement : std::uint8_t {
    in_node = 0,  // payload: the bytes themselves
    blob = 1,     // payload: varint size, hash of one blob chunk
    list = 2,     // payload: varint size, hash of a list chunk naming blob chunks
  };

  ValueType type = ValueType::blob;
  Placement placement = Placement::in_node;
  BytesView payload;

  // Length of the value in bytes, whatever its placement. Payloads were checked on decoding.
  std::uint64_t size() const;

  friend bool operator==(const StoredValue&, const StoredValue&) = default;
};

// Longest value kept inside a leaf, and longest kept as a single blob.
inline constexpr std::size_t kMaxInlineValue = 1024;
inline constexpr std::size_t kMaxSingleBlob = 64 * 1024;
// Longest key a tree accepts.
inline constexpr std::size_t kMaxKeySize = 8 * 1024;

// Puts `value` into the form a leaf holds, writing the chunks of a large one to `chunks`. The
// result borrows from `value` (small) or `scratch` (large).
StoredValue store_value(ChunkStore& chunks, ValueView value, Bytes& scratch);

// The whole value; reads and verifies its chunks where it lives outside the node.
Value load_value(ChunkStore& chunks, const StoredValue& stored);

// The objects that a value outside its node consists of: its list, if it has one, and its blobs,
// visited in order and unread, with the size each must have.
std::optional<Hash> list_of(const StoredValue& stored);
using BlobVisitor = std::function<void(const Hash& blob, std::uint64_t size)>;
void visit_blobs(ChunkStore& chunks, const StoredValue& stored, const BlobVisitor& visit);

}  // namespace vkv
