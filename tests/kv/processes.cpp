#include "tests/kv/processes.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <system_error>

namespace vkv {
namespace {

[[noreturn]] void run_as_child(const std::function<void()>& body) {
  const bool failed_before = testing::Test::HasFailure();
  int status = 0;
  try {
    body();
    if (testing::Test::HasFailure() && !failed_before) status = 1;
  } catch (const std::exception& error) {
    std::cerr << "child process: " << error.what() << std::endl;
    status = 1;
  }
  (void)std::fflush(nullptr);
  _exit(status);
}

}  // namespace

int start_process(const std::function<void()>& body) {
  (void)std::fflush(nullptr);
  const int child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) run_as_child(body);
  return child;
}

bool succeeds(int process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void run_processes(int count, const std::function<void(int)>& body) {
  std::vector<int> children;
  children.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    children.push_back(start_process([&] { body(i); }));
  }
  for (const int child : children) EXPECT_TRUE(succeeds(child));
}

}  // namespace vkv
