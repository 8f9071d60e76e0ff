// Redis: a KVStore on a Redis server. An example of a backend of one's own.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "core/kv/kvstore.h"

namespace vkv {

class RedisConnection;

// Two Redis keys hold a store: the hash <prefix>values, and the sorted set <prefix>keys, all of
// whose scores are 0, so that Redis keeps it in memcmp order.
//
// Every call is atomic. exclusive() is not offered. A visit is answered as of one moment, and so is
// held in memory as a whole. Threads: any number may share a Redis, which has one connection.
//
// What is written is as durable as the server is configured to make it; only with appendonly and
// appendfsync always it keeps what it has acknowledged.
//
// Errors are StorageErrors. When the connection breaks during a write, all of it may have happened,
// or nothing. The next call connects anew.
class Redis final : public KVStore {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 6379;
    std::string unix_socket = {};  // the path of a socket to use instead of host and port
    std::string prefix = "vkv:";   // stores with different prefixes are different stores
    std::chrono::milliseconds timeout{5'000};  // of connecting, and of each wait for the server
  };

  // Throws StorageError when the server cannot be reached.
  explicit Redis(const Options& options);
  ~Redis() override;

  std::optional<Bytes> get(std::string_view key) override;
  bool contains(std::string_view key) override;
  Entries get_many(std::span<const std::string_view> keys) override;
  void set_many(std::span<const Entry> entries) override;
  void remove_many(std::span<const std::string_view> keys) override;
  bool cas(std::string_view key, BytesView value, std::optional<BytesView> expected) override;
  void visit_keys(std::string_view prefix, const KeyVisitor& visit) override;
  void visit(std::string_view prefix, const EntryVisitor& visit) override;
  void clear() override;

 private:
  const std::string values_;
  const std::string keys_;
  std::mutex mutex_;
  std::unique_ptr<RedisConnection> connection_;
};

}  // namespace vkv
