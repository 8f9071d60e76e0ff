#include "core/graph/touches.h"

#include <algorithm>

#include "core/base/coding.h"

namespace vkv {
namespace {

constexpr std::string_view kClockKey = "touch";
constexpr std::string_view kKeyPrefix = "touch/";

std::string touch_key(std::string_view key) { return std::string(kKeyPrefix) + std::string(key); }

std::uint64_t decode_time(BytesView bytes) {
  Decoder in(bytes, "touch");
  const std::uint64_t time = in.u64();
  in.expect_end();
  return time;
}

Bytes encode_time(std::uint64_t time) {
  Bytes bytes;
  put_u64(bytes, time);
  return bytes;
}

}  // namespace

void Touches::on_read(std::string_view key) {
  const auto it = reads_.try_emplace(std::string(key)).first;
  it->second = ++reads_so_far_;
  if (reads_.size() > kMostReads) forget_older_half();
}

void Touches::forget_older_half() {
  std::vector<std::uint64_t> orders;
  for (const auto& [key, order] : reads_) orders.push_back(order);
  const auto middle = orders.begin() + static_cast<std::ptrdiff_t>(orders.size() / 2);
  std::nth_element(orders.begin(), middle, orders.end());
  std::erase_if(reads_, [oldest = *middle](const auto& read) { return read.second < oldest; });
}

std::vector<std::string> Touches::reads() const {
  std::vector<std::pair<std::uint64_t, std::string>> by_order;
  for (const auto& [key, order] : reads_) by_order.emplace_back(order, key);
  std::sort(by_order.begin(), by_order.end());
  std::vector<std::string> keys;
  for (auto& [order, key] : by_order) keys.push_back(std::move(key));
  return keys;
}

void Touches::record(std::span<const std::string_view> written) {
  if (reads_.empty() && written.empty()) return;
  const auto body = [&] { persist(written); };
  if (!kv_.exclusive(body)) body();
  reads_.clear();
}

void Touches::persist(std::span<const std::string_view> written) {
  const std::optional<Bytes> clock = kv_.get(kClockKey);
  std::uint64_t time = clock ? decode_time(*clock) : 0;
  KVStore::Entries touches;
  for (const std::string& key : reads()) touches[touch_key(key)] = encode_time(++time);
  if (!written.empty()) ++time;
  for (const std::string_view key : written) touches[touch_key(key)] = encode_time(time);
  touches[std::string(kClockKey)] = encode_time(time);
  kv_.set_many(std::vector<KVStore::Entry>(touches.begin(), touches.end()));
}

void Touches::remove(std::span<const std::string_view> keys) {
  std::vector<std::string> stored;
  for (const std::string_view key : keys) stored.push_back(touch_key(key));
  kv_.remove_many(std::vector<std::string_view>(stored.begin(), stored.end()));
}

std::vector<std::pair<std::string, std::uint64_t>> Touches::all() {
  std::vector<std::pair<std::string, std::uint64_t>> touches;
  kv_.visit(kKeyPrefix, [&](std::string_view key, BytesView time) {
    touches.emplace_back(key.substr(kKeyPrefix.size()), decode_time(time));
    return true;
  });
  return touches;
}

}  // namespace vkv
