#include "core/graph/repository.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/coding.h"
#include "core/base/error.h"
#include "core/base/printable.h"

namespace vkv {
namespace {

Commit root_commit() {
  Commit commit;
  commit.root = empty_root();
  return commit;
}

Hash hash_in_key(std::string_view key) {
  const std::optional<Hash> hash = Hash::from_raw(key.substr(1));
  if (!hash) throw Corruption("key of a commit is not a hash: " + printable(key));
  return *hash;
}

std::string lower_case(std::string_view digits) {
  std::string lower(digits);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The whole bytes of `digits`.
Bytes whole_bytes(std::string_view digits) {
  const std::optional<Bytes> bytes = from_hex(std::string(digits) + (digits.size() % 2 ? "0" : ""));
  if (!bytes) throw InvalidArgument(printable(digits) + " is not hexadecimal");
  return bytes->substr(0, digits.size() / 2);
}

}  // namespace

Repository::Repository(KVStore& kv, NodeCache& cache, RepositoryOptions options)
    : chunks_(kv, options.batch_bytes),
      nodes_(chunks_, cache),
      refs_(kv),
      clock_(options.clock ? std::move(options.clock) : system_milliseconds) {}

Commit Repository::commit(const Hash& hash) {
  if (hash == root_commit_hash()) return root_commit();
  return decode_commit(chunks_.read(ObjectType::commit, hash));
}

const Commit& Repository::recall(const Hash& hash) {
  if (!recalled_ || recalled_->first != hash) {
    Commit commit = this->commit(hash);
    recalled_.emplace(hash, std::move(commit));
  }
  return recalled_->second;
}

std::optional<Commit> Repository::find_commit(const Hash& hash) {
  if (hash == root_commit_hash()) return root_commit();
  const std::optional<Bytes> body = chunks_.find(ObjectType::commit, hash);
  if (!body) return std::nullopt;
  return decode_commit(*body);
}

bool Repository::has_commit(const Hash& hash) {
  return hash == root_commit_hash() || chunks_.find(ObjectType::commit, hash).has_value();
}

std::vector<Hash> Repository::commits_with_prefix(std::string_view digits, std::size_t limit) {
  const std::string lower = lower_case(digits);
  std::vector<Hash> found;
  // The root is in every store, and a store that holds it all the same lists it no second time.
  if (root_commit_hash().hex().starts_with(lower)) found.push_back(root_commit_hash());
  const std::size_t wanted = limit + found.size();
  const auto prefix = static_cast<char>(ObjectType::commit) + whole_bytes(digits);
  chunks_.kv().visit_keys(prefix, [&](std::string_view key) {
    const Hash hash = hash_in_key(key);
    if (hash != root_commit_hash() && hash.hex().starts_with(lower)) found.push_back(hash);
    return found.size() < wanted;
  });
  std::sort(found.begin(), found.end());
  found.resize(std::min(found.size(), limit));
  return found;
}

Hash Repository::create_commit(const Hash& root, std::vector<Hash> parents,
                               CommitMetadata metadata) {
  Commit commit;
  commit.root = root;
  for (const Hash& parent : parents) {
    commit.generation = std::max(commit.generation, recall(parent).generation + 1);
  }
  commit.parents = std::move(parents);
  commit.metadata = std::move(metadata);
  if (commit == root_commit()) return root_commit_hash();
  Bytes birth_time;
  put_u64(birth_time, static_cast<std::uint64_t>(clock_()));
  const Hash hash = chunks_.write(ObjectType::commit, encode_commit(commit), birth_time);
  recalled_.emplace(hash, std::move(commit));
  return hash;
}

}  // namespace vkv
