// Garbage collection and eviction.
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "ext/function_call.h"
#include "ext/table_eviction.h"
#include "ext/table_gc.h"

namespace vkv::ext {
namespace {

std::string to_json(const GcReport& report) {
  return nlohmann::json{{"live_commits", report.live_commits},
                        {"live_chunks", report.live_chunks},
                        {"removed_commits", report.removed_commits},
                        {"removed_chunks", report.removed_chunks}}
      .dump();
}

void gc(FunctionCall& call) {
  GcOptions wanted;
  Options options = call.arguments().options(1);
  if (const auto seconds = options.seconds("min_age")) wanted.min_age = *seconds;
  wanted.dry_run = options.flag("dry_run");
  options.finish();

  GcReport report;
  if (wanted.dry_run) {
    report = collect_garbage(call.table(), wanted);
  } else {
    call.write([&](VersionedTable& table) { report = collect_garbage(table, wanted); });
  }
  call.answer(to_json(report));
}

std::string to_json(const Rebase& rebase) {
  return nlohmann::json{
      {"new_commit", rebase.commit.hex()},     {"dropped_keys", rebase.dropped_keys},
      {"kept_keys", rebase.kept_keys},         {"total_size_before", rebase.size_before},
      {"total_size_after", rebase.size_after}, {"orphans_cleaned", rebase.removed_commits}}
      .dump();
}

void rebase(FunctionCall& call) {
  Options options = call.arguments().options(1);
  const auto keep = options.texts("keep");
  RebaseRequest request;
  if (keep) request.keep.emplace(keep->begin(), keep->end());
  request.metadata.info = options.object("info");
  options.finish();
  Rebase done;
  call.write([&](VersionedTable& table) {
    if (keep && !call.prefix().empty()) {
      throw InvalidArgument(call.arguments().label(0) +
                            " is a view of a namespace, but the option keep is about all keys of"
                            " its store; name the store");
    }
    done = rebase_branch(table, request);
  });
  call.answer(to_json(done));
}

constexpr Function kFunctions[] = {
    {"vkv_gc", Function::Effect::writes, 1, {"table", "options"}, gc},
    {"vkv_rebase", Function::Effect::writes, 1, {"table", "options"}, rebase},
};

}  // namespace

std::span<const Function> gc_functions() { return kFunctions; }

}  // namespace vkv::ext
