#include <sqlite3.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>

#include "tests/bench/report.h"

namespace vkv::bench {
namespace {

std::string cpu_model() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown";
}

std::string kernel() {
  utsname name{};
  uname(&name);
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string compiler() {
#ifdef __clang__
  return __VERSION__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
  return text.data();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_machine(std::int64_t page_size) {
  return {{"CPU", cpu_model()},     {"cores", std::to_string(sysconf(_SC_NPROCESSORS_ONLN))},
          {"kernel", kernel()},     {"SQLite", sqlite3_libversion()},
          {"compiler", compiler()}, {"page size", std::to_string(page_size)},
          {"date", today()}};
}

}  // namespace vkv::bench
