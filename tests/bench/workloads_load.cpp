// bulk_load: its time, the file it leaves, the memory it takes.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "tests/bench/workload.h"

namespace vkv::bench {
namespace {

// BEGIN; one prepared INSERT per row; vkv_commit; COMMIT, into an empty table.
Measurement bulk_load(Bench& bench) {
  const auto load = [&](Kind kind) {
    TemporaryTable target = bench.empty(kind);
    const Stopwatch watch = bench.stopwatch();
    Transaction transaction(target.table.database());
    target.table.insert(bench.data(), 0, bench.rows());
    target.table.commit();
    transaction.commit();
    return Sample{.amount = watch.seconds(), .tally = target.table.fingerprint()};
  };
  return compare(
      bench.settings().repeat, [&] { return load(Kind::plain); }, [&] { return load(Kind::vkv); });
}

Measurement of_loaded(Bench& bench, std::int64_t Loaded::*bytes) {
  return {.reference = static_cast<double>(bench.loaded(Kind::plain, bench.rows()).*bytes),
          .measured = static_cast<double>(bench.loaded(Kind::vkv, bench.rows()).*bytes)};
}

// Runs this program anew, so that its memory is that of one load alone.
std::int64_t resident_of_child(const Settings& settings, Kind kind) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
  const std::string rows = std::to_string(settings.rows);
  const std::string kind_name = kind == Kind::vkv ? "vkv" : "plain";
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/proc/self/exe", "vkv_bench", "--resident", kind_name.c_str(), "--rows", rows.c_str(),
          "--extension", settings.extension.c_str(), "--directory", settings.directory.c_str(),
          nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string output(64, '\0');
  const ssize_t length = read(ends[0], output.data(), output.size());
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (child < 0 || status != 0 || length <= 0) throw std::runtime_error("a child process failed");
  return std::strtoll(output.c_str(), nullptr, 10);
}

Measurement resident(Bench& bench) {
  const auto run = [&](Kind kind) {
    return Sample{.amount = static_cast<double>(resident_of_child(bench.settings(), kind))};
  };
  // Memory hardly varies: one run will do.
  return compare(
      1, [&] { return run(Kind::plain); }, [&] { return run(Kind::vkv); });
}

}  // namespace

std::int64_t peak_resident_bytes(const Settings& settings, Kind kind) {
  Bench bench(settings);
  TemporaryTable target = bench.empty(kind);
  Transaction transaction(target.table.database());
  target.table.insert(bench.data(), 0, settings.rows);
  target.table.commit();
  transaction.commit();

  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtoll(line.c_str() + 6, nullptr, 10) * 1024;
  }
  throw Unavailable("no VmHWM in /proc/self/status");
}

std::vector<Workload> load_workloads() {
  constexpr double kMiB = 1 << 20;
  return {
      {"bulk_load with commit", "plain", Unit::seconds, {Bar::Kind::ratio, 1.5}, bulk_load},
      {"bulk_load: database pages in use",
       "plain",
       Unit::bytes,
       {Bar::Kind::ratio, 1.3},
       [](Bench& bench) { return of_loaded(bench, &Loaded::bytes_in_use); }},
      {"bulk_load: database file",
       "plain",
       Unit::bytes,
       {Bar::Kind::ratio, 2.2},
       [](Bench& bench) { return of_loaded(bench, &Loaded::file_bytes); }},
      {"bulk_load: database file and log",
       "plain",
       Unit::bytes,
       {Bar::Kind::ratio, 2.2},
       [](Bench& bench) { return of_loaded(bench, &Loaded::disk_bytes); }},
      {"bulk_load: resident set", "plain", Unit::bytes, {Bar::Kind::margin, 64 * kMiB}, resident},
  };
}

}  // namespace vkv::bench
