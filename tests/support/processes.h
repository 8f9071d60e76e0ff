// Processes beside the test's own, and files for them to meet in.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vkv::test {

// A directory of this process that vanishes with the object.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A forked process that runs `body`, which may tell its parent lines of text. No connection to the
// database may be open when it is forked.
class Process {
 public:
  using Tell = std::function<void(const std::string& line)>;

  explicit Process(const std::function<void(const Tell&)>& body);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // kill -9.
  void kill();
  // Waits for the next line it tells; empty when it ended.
  std::string next_line();
  // Waits for its end; what it told beyond what next_line() gave. A line cut short by kill() is
  // left out.
  std::vector<std::string> lines();
  // After lines(): whether it came to the end of `body` without an exception.
  bool succeeded() const { return succeeded_; }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string unread_;
  bool succeeded_ = false;
};

}  // namespace vkv::test
