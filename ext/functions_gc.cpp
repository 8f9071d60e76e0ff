// Garbage collection.
#include "core/graph/gc.h"

#include <nlohmann/json.hpp>

#include "ext/function_call.h"
#include "ext/integrity.h"

namespace vkv::ext {
namespace {

GcReport collect(VersionedTable& table, GcOptions options) {
  // Tells a damaged or newer table before anything is removed.
  table.default_branch();
  const std::vector<Hash> pinned = pinned_commits(table);
  ChunkStore& chunks = table.repository().chunks();
  options.extra_commits = pinned;
  // SQLite lets nobody else write between what this statement reads and what it removes.
  options.caller_is_exclusive = true;
  options.checkpoint = [&chunks] { chunks.checkpoint(); };
  return collect_garbage(chunks.kv(), options);
}

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
    report = collect(call.table(), wanted);
  } else {
    call.write([&](VersionedTable& table) { report = collect(table, wanted); });
  }
  call.answer(to_json(report));
}

constexpr Function kFunctions[] = {
    {"vkv_gc", Function::Effect::writes, 1, {"table", "options"}, gc},
};

}  // namespace

std::span<const Function> gc_functions() { return kFunctions; }

}  // namespace vkv::ext
