// A Redis server for one test.
#pragma once

#include <string>

#include "tests/kv/temporary_directory.h"

namespace vkv {

// Listens on a socket of its own alone, keeps everything in memory, and ends with this, or with the
// process.
class RedisServer {
 public:
  RedisServer() { start(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer() { stop(); }

  std::string socket() const { return directory_ / "redis.sock"; }
  // Returns when it takes connections.
  void start();
  void stop();

 private:
  const TemporaryDirectory directory_;
  int process_ = -1;
};

}  // namespace vkv
