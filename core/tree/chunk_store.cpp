#include "core/tree/chunk_store.h"

#include "core/base/error.h"

namespace vkv {
namespace {

constexpr std::size_t kMaxTrailer = 255;

BytesView letter(const ObjectType& type) { return {reinterpret_cast<const char*>(&type), 1}; }

[[noreturn]] void fail(ObjectType type, const Hash& hash, const char* why) {
  throw Corruption("object " + Bytes(letter(type)) + hash.hex() + " " + why);
}

}  // namespace

Hash hash_object(ObjectType type, BytesView body) { return sha256(letter(type), body); }

Bytes object_key(ObjectType type, const Hash& hash) {
  return Bytes(letter(type)).append(hash.view());
}

StoredObject split_object(ObjectType type, BytesView stored) {
  if (type != ObjectType::commit) return {stored, {}};
  if (stored.empty()) throw Corruption("damaged commit: no bytes");
  const std::size_t trailer = static_cast<unsigned char>(stored.back());
  stored.remove_suffix(1);
  if (trailer > stored.size()) throw Corruption("damaged commit: ends too early");
  const std::size_t body = stored.size() - trailer;
  return {stored.substr(0, body), stored.substr(body)};
}

ChunkStore::ChunkStore(KVStore& kv, std::size_t batch_bytes) : kv_(kv), batch_bytes_(batch_bytes) {}

Bytes ChunkStore::read(ObjectType type, const Hash& hash) {
  std::optional<Bytes> body = find(type, hash);
  if (!body) fail(type, hash, "is missing");
  return *std::move(body);
}

std::optional<Bytes> ChunkStore::find(ObjectType type, const Hash& hash) {
  checkpoint();
  if (const auto it = index_.find(hash); it != index_.end()) {
    const auto& [key, stored] = pending_[it->second];
    if (!key.starts_with(letter(type))) return std::nullopt;
    return Bytes(split_object(type, stored).body);
  }
  std::optional<Bytes> stored = kv_.get(object_key(type, hash));
  if (!stored) return std::nullopt;
  ++reads_;
  const BytesView body = split_object(type, *stored).body;
  if (hash_object(type, body) != hash) fail(type, hash, "does not have that hash");
  stored->resize(body.size());
  return stored;
}

Hash ChunkStore::write(ObjectType type, BytesView body, BytesView trailer) {
  checkpoint();
  if (trailer.size() > (type == ObjectType::commit ? kMaxTrailer : 0)) {
    throw InvalidArgument("trailer of " + std::to_string(trailer.size()) + " bytes");
  }
  const Hash hash = hash_object(type, body);
  if (index_.contains(hash)) return hash;
  const BytesView key = memory_.keep({object_key(type, hash)});
  const char trailer_size = static_cast<char>(trailer.size());
  const BytesView stored = type == ObjectType::commit
                               ? memory_.keep({body, trailer, {&trailer_size, 1}})
                               : memory_.keep({body});
  pending_.emplace_back(key, stored);
  index_.emplace(hash, pending_.size() - 1);
  pending_bytes_ += stored.size();
  if (pending_bytes_ > batch_bytes_) flush();
  return hash;
}

void ChunkStore::flush() {
  if (pending_.empty()) return;
  kv_.set_many(pending_);
  discard();
}

void ChunkStore::discard() {
  pending_.clear();
  index_.clear();
  memory_.reset(kMostKept);
  pending_bytes_ = 0;
}

}  // namespace vkv
