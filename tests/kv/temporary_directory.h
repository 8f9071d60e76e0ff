// A directory for one test's files.
#pragma once

#include <filesystem>

namespace vkv {

// New and empty; removed, with all that is in it, at the end. In memory where the system has such a
// place (not for files of more than some megabytes): there fsync costs nothing.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace vkv
