#include "tests/support/processes.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace vkv::test {

ScratchDirectory::ScratchDirectory() {
  std::string pattern = testing::TempDir() + "vkv_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp: " + pattern);
  path_ = pattern;
}

ScratchDirectory::~ScratchDirectory() { std::filesystem::remove_all(path_); }

Process::Process(const std::function<void(const Tell&)>& body) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) {
    close(ends[1]);
    pipe_ = ends[0];
    return;
  }
  close(ends[0]);
  int status = 0;
  try {
    body([&](const std::string& line) {
      const std::string text = line + "\n";
      if (write(ends[1], text.data(), text.size()) < 0) throw std::runtime_error("write");
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "process: %s\n", error.what());
    status = 1;
  }
  _exit(status);
}

Process::~Process() {
  if (pid_ > 0) {
    kill();
    lines();
  }
}

void Process::kill() { ::kill(pid_, SIGKILL); }

std::string Process::next_line() {
  std::size_t end;
  while ((end = unread_.find('\n')) == std::string::npos) {
    char buffer[4096];
    const ssize_t size = read(pipe_, buffer, sizeof buffer);
    if (size <= 0) return "";
    unread_.append(buffer, static_cast<std::size_t>(size));
  }
  const std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::vector<std::string> Process::lines() {
  std::vector<std::string> lines;
  for (std::string line; !(line = next_line()).empty();) lines.push_back(line);
  close(pipe_);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  succeeded_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return lines;
}

}  // namespace vkv::test
