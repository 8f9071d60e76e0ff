#include "tests/kv/redis_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "core/base/error.h"
#include "core/kv/redis.h"

namespace vkv {
namespace {

[[noreturn]] void become_server(const std::string& directory, const std::string& socket) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  execl(VKV_REDIS_SERVER, VKV_REDIS_SERVER, "--port", "0", "--unixsocket", socket.c_str(), "--dir",
        directory.c_str(), "--save", "", "--appendonly", "no", static_cast<char*>(nullptr));
  _exit(127);
}

bool takes_connections(const std::string& socket) {
  try {
    const Redis client({.unix_socket = socket});
    return true;
  } catch (const StorageError&) {
    return false;
  }
}

}  // namespace

void RedisServer::start() {
  process_ = fork();
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process_ == 0) become_server(directory_.path(), socket());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!takes_connections(socket())) {
    if (std::chrono::steady_clock::now() > deadline) {
      stop();
      throw std::runtime_error(VKV_REDIS_SERVER " does not start");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void RedisServer::stop() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

}  // namespace vkv
