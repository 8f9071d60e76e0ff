#include "ext/merge_options.h"

#include <nlohmann/json.hpp>

#include "core/tree/cursor.h"
#include "ext/clock.h"
#include "ext/guard.h"
#include "ext/table_eviction.h"

namespace vkv::ext {
namespace {

nlohmann::ordered_json to_json(const std::vector<std::string>& keys) {
  auto list = nlohmann::ordered_json::array();
  for (const std::string& key : keys) list.push_back(utf8_text(key));
  return list;
}

}  // namespace

OnConflict on_conflict_option(Options& options) {
  return static_cast<OnConflict>(
      options.choice("on_conflict", {"raise", "abandon", "ours", "theirs"}));
}

MergeRules merge_rules(OnConflict on_conflict) {
  using Fallback = MergeRules::Fallback;
  MergeRules rules;
  if (on_conflict == OnConflict::ours) rules.fallback = Fallback::ours;
  if (on_conflict == OnConflict::theirs) rules.fallback = Fallback::theirs;
  return rules;
}

CommitMetadata metadata_options(Options& options, std::optional<std::string_view> message) {
  CommitMetadata metadata;
  if (message) metadata.message = Bytes(*message);
  metadata.author = options.text("author");
  metadata.time = options.time("time", now());
  metadata.info = options.object("info");
  return metadata;
}

MergeReport report_of(Repository& repository, const WriteResult& result) {
  const Hash root = repository.recall(result.commit).root;
  Cursor cursor(repository.nodes(), root);
  std::uint64_t merged = 0;
  for (const std::string& key : result.auto_merged) merged += cursor.find(key) ? 1u : 0u;
  return {.merged = true,
          .commit = result.commit,
          .strategy = result.strategy,
          .auto_merged = result.auto_merged,
          .carried = repository.nodes().get(root)->rows() - merged,
          .conflicts = {}};
}

MergeReport MergeReport::abandoned(std::vector<std::string> conflicts) {
  MergeReport report;
  report.merged = false;
  report.strategy = Strategy::three_way;
  report.conflicts = std::move(conflicts);
  return report;
}

std::string to_json(const MergeReport& report) {
  nlohmann::ordered_json json;
  json["merged"] = report.merged;
  json["commit"] = nullptr;
  if (report.commit) json["commit"] = report.commit->hex();
  json["strategy"] = to_string(report.strategy);
  json["auto_merged_keys"] = to_json(report.auto_merged);
  json["carried"] = report.carried;
  json["conflicts"] = to_json(report.conflicts);
  return json.dump();
}

void write_merging(FunctionCall& call, OnConflict on_conflict,
                   const std::function<WriteResult(VersionedTable&)>& work,
                   IsOneStep* is_one_step) {
  Session* session = nullptr;
  const auto abandon = [&](std::vector<std::string> conflicts) {
    if (on_conflict != OnConflict::abandon) throw;
    session->last_merge =
        std::make_shared<MergeReport>(MergeReport::abandoned(std::move(conflicts)));
  };
  try {
    MergeReport report;
    Hash head;
    const auto write = [&](VersionedTable& table) {
      session = &table.session();
      const WriteResult result = work(table);
      report = report_of(table.repository(), result);
      head = keep_within_budget(table, result);
    };
    call.write(write, is_one_step);
    session->last_merge = std::make_shared<MergeReport>(std::move(report));
    call.answer(head);
  } catch (const NoCommonAncestor&) {
    if (on_conflict != OnConflict::abandon) throw NoCommonAncestor(kBranchWasRebased);
    abandon({});
  } catch (const ConcurrencyError&) {
    abandon({});
  } catch (const MergeConflict& conflict) {
    abandon(conflict.conflicting_keys());
  }
}

}  // namespace vkv::ext
