#include "core/tree/value.h"

#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/tree/chunk_store.h"
#include "core/tree/content_chunker.h"

namespace vkv {
namespace {

// What the payload of a value outside its node says.
struct OutsideValue {
  std::uint64_t size;
  Hash hash;
};

OutsideValue decode_payload(BytesView payload) {
  Decoder in(payload, "value");
  OutsideValue outside;
  outside.size = in.varint();
  outside.hash = *Hash::from_raw(in.bytes(Hash::kSize));
  in.expect_end();
  return outside;
}

void put_entry(Bytes& out, std::uint64_t size, const Hash& hash) {
  put_varint(out, size);
  out.append(hash.view());
}

Hash write_list(ChunkStore& chunks, BytesView bytes) {
  Bytes list;
  while (!bytes.empty()) {
    const BytesView chunk = bytes.substr(0, first_content_chunk(bytes));
    put_entry(list, chunk.size(), chunks.write(ObjectType::blob, chunk));
    bytes.remove_prefix(chunk.size());
  }
  return chunks.write(ObjectType::list, list);
}

void append_blob(ChunkStore& chunks, const Hash& hash, std::uint64_t size, Bytes& out) {
  const Bytes blob = chunks.read(ObjectType::blob, hash);
  if (blob.size() != size) {
    throw Corruption("blob " + hash.hex() + " has " + std::to_string(blob.size()) +
                     " bytes, not the " + std::to_string(size) + " its reference states");
  }
  out.append(blob);
}

}  // namespace

std::uint64_t StoredValue::size() const {
  if (placement == Placement::in_node) return payload.size();
  return Decoder(payload, "value").varint();
}

StoredValue store_value(ChunkStore& chunks, ValueView value, Bytes& scratch) {
  const BytesView bytes = value.bytes;
  if (bytes.size() <= kMaxInlineValue) {
    return {value.type, StoredValue::Placement::in_node, bytes};
  }
  scratch.clear();
  if (bytes.size() <= kMaxSingleBlob) {
    put_entry(scratch, bytes.size(), chunks.write(ObjectType::blob, bytes));
    return {value.type, StoredValue::Placement::blob, scratch};
  }
  put_entry(scratch, bytes.size(), write_list(chunks, bytes));
  return {value.type, StoredValue::Placement::list, scratch};
}

void visit_blobs(ChunkStore& chunks, const StoredValue& stored, const BlobVisitor& visit) {
  if (stored.placement == StoredValue::Placement::in_node) return;
  const OutsideValue outside = decode_payload(stored.payload);
  if (stored.placement == StoredValue::Placement::blob) {
    visit(outside.hash, outside.size);
    return;
  }
  const Bytes list = chunks.read(ObjectType::list, outside.hash);
  std::uint64_t left = outside.size;
  for (Decoder in(list, "list"); !in.rest().empty();) {
    const std::uint64_t size = in.varint();
    if (size == 0 || size > kMaxContentChunk || size > left) in.fail("impossible chunk size");
    left -= size;
    visit(*Hash::from_raw(in.bytes(Hash::kSize)), size);
  }
  if (left != 0) throw Corruption("list " + outside.hash.hex() + " ends too early");
}

Value load_value(ChunkStore& chunks, const StoredValue& stored) {
  if (stored.placement == StoredValue::Placement::in_node) {
    return {stored.type, Bytes(stored.payload)};
  }
  Value value(stored.type, {});
  visit_blobs(chunks, stored, [&](const Hash& hash, std::uint64_t size) {
    append_blob(chunks, hash, size, value.bytes);
  });
  return value;
}

std::optional<Hash> list_of(const StoredValue& stored) {
  if (stored.placement != StoredValue::Placement::list) return {};
  return decode_payload(stored.payload).hash;
}

}  // namespace vkv
