// The model's commits and merges.
#include <algorithm>

#include "core/base/hash.h"
#include "tests/model/model.h"
#include "tests/model/row_statements.h"

namespace vkv::model {
namespace {

// Absent when it is none of the choices.
std::optional<OnConflict> on_conflict(const Action& action) {
  const std::string& text = action.on_conflict;
  if (text.empty() || text == "raise") return OnConflict::raise;
  if (text == "abandon") return OnConflict::abandon;
  if (text == "ours") return OnConflict::ours;
  if (text == "theirs") return OnConflict::theirs;
  return std::nullopt;
}

std::string text(const std::string& bytes) { return std::to_string(bytes.size()) + ":" + bytes; }

std::string text(const SqlValue& value) {
  struct Text {
    std::string operator()(std::monostate) const { return "n"; }
    std::string operator()(std::int64_t number) const { return "i" + std::to_string(number); }
    std::string operator()(double number) const { return "r" + std::to_string(number); }
    std::string operator()(const std::string& bytes) const { return "t" + text(bytes); }
    std::string operator()(const test::SqlBlob& blob) const { return "b" + text(blob.bytes); }
    std::string text(const std::string& bytes) const { return model::text(bytes); }
  };
  return std::visit(Text{}, value);
}

SqlRow one_text(const std::string& value) { return {value}; }

// What the option `keys`, a pattern, chooses of the changes in a view, and the rest; all when it is
// empty.
std::pair<Changes, Changes> split(const Changes& all, View view, const std::string& pattern) {
  const std::string prefix = prefix_of(view);
  std::pair<Changes, Changes> parts;
  for (const auto& change : all) {
    const std::string& key = change.first;
    const bool is_chosen = pattern.empty() || (key.starts_with(prefix) &&
                                               matches_glob(pattern, key.substr(prefix.size())));
    (is_chosen ? parts.first : parts.second).insert(change);
  }
  return parts;
}

// What is left staged when the rows below it change from `before` to `after`. A change that is
// there already is none any more; one of a key that `after` changed otherwise is in conflict:
// returns those keys.
std::set<std::string> settle_rest(Changes& rest, const Rows& before, const Rows& after,
                                  OnConflict on_conflict) {
  std::set<std::string> contested;
  for (auto at = rest.begin(); at != rest.end();) {
    const auto& [key, value] = *at;
    const auto now = value_at(after, key);
    const bool is_contested = now != value && now != value_at(before, key);
    if (is_contested && on_conflict != OnConflict::ours && on_conflict != OnConflict::theirs) {
      contested.insert(key);
    }
    const bool goes = now == value || (is_contested && on_conflict == OnConflict::theirs);
    at = goes ? rest.erase(at) : std::next(at);
  }
  return contested;
}

}  // namespace

std::string fingerprint(const Rows& rows) {
  std::string all;
  for (const auto& [key, value] : rows) all += text(key) + text(value);
  return sha256(all).hex();
}

std::string fingerprint(const Commit& commit) {
  std::string all = fingerprint(*commit.rows);
  for (const std::string& parent : commit.parents) all += text(parent);
  return all + text(commit.author) + text(commit.time) + text(commit.message);
}

bool Model::record(const std::string& hash, const Commit& commit) {
  if (!commit_hashes_.add(fingerprint(commit), hash)) return false;
  if (std::find(seen_.begin(), seen_.end(), hash) == seen_.end()) seen_.push_back(hash);
  state().history.add(hash, std::make_shared<Commit>(commit));
  return true;
}

Expected Model::settle_at_new(const Place& place, const Commit& commit, const Real& real) {
  const std::string hash = real.answer->text();
  Expected expected = Expected::row(one_text(hash));
  if (!real.answer->ok()) return expected;
  if (hash.size() != 64) {
    expected.broken = "a new commit must be answered";
  } else if (real.parents != commit.parents) {
    expected.broken = "the commit has the wrong parents";
  } else if (!record(hash, commit)) {
    expected.broken = "equal commits and only equal ones have equal hashes";
  } else {
    settle(place, hash);
  }
  return expected;
}

Expected Model::conflict(const std::set<std::string>& keys, OnConflict on_conflict) {
  if (on_conflict == OnConflict::abandon) return Expected::row({std::monostate{}});
  constexpr std::size_t kListed = 20;
  Expected expected = Expected::error(SQLITE_CONSTRAINT);
  for (const std::string& key : keys) {
    if (expected.mentions.size() < kListed) expected.mentions.push_back(key);
  }
  return expected;
}

Expected Model::commit(const Action& action, const Real& real) {
  const auto settling = on_conflict(action);
  const auto here = place();
  if (!settling || !here) return Expected::error(SQLITE_ERROR);
  const Rows& base = *state().history.at(here->base).rows;
  auto [chosen, rest] =
      split(here->dirty ? changes(base, *here->rows) : Changes{}, view_, action.name);
  if (chosen.empty() && !action.flag) return Expected::row(one_text(here->base));

  const auto rows = std::make_shared<Rows>(applied(chosen, base));
  Commit commit{rows, {here->base}, author_of(action), time_of(action), message_of(action)};
  const auto head = state().heads.find(here->branch);
  if (head != state().heads.end() && head->second != here->base) {
    // The head has moved: our changes become a commit of their own that is merged with it.
    const Commit ours{rows, {here->base}, {}, {}, {}};
    const std::string* known = commit_hashes_.right_of(fingerprint(ours));
    const std::string ours_hash = known != nullptr           ? *known
                                  : real.parents.size() == 2 ? real.parents[1]
                                                             : "ours";
    History scratch = state().history;
    scratch.add(ours_hash, std::make_shared<Commit>(ours));
    const Merged merged = model::merge(scratch.base_of(ours_hash, head->second), *rows,
                                       *scratch.at(head->second).rows, *settling);
    if (!merged.conflicts.empty()) return conflict(merged.conflicts, *settling);
    const auto contested = settle_rest(rest, base, merged.rows, *settling);
    if (!contested.empty()) return conflict(contested, *settling);
    commit.rows = std::make_shared<Rows>(merged.rows);
    commit.parents = {head->second, ours_hash};
    if (real.answer->ok() && !record(ours_hash, ours)) {
      Expected broken;
      broken.broken = "the second parent must be this writer's changes on its base";
      return broken;
    }
  }
  Expected expected = settle_at_new(*here, commit, real);
  const auto settled = place();
  if (real.answer->ok() && expected.broken.empty())
    put_rows(*settled, applied(rest, *settled->rows));
  return expected;
}

Expected Model::merge(const Action& action, const Real& real) {
  const auto settling = on_conflict(action);
  const auto here = place();
  const auto source = resolve(action.ref);
  if (!settling || !here || here->dirty || !source) return Expected::error(SQLITE_ERROR);
  const bool is_new = !state().heads.contains(here->branch);
  const std::string head = is_new ? here->base : state().heads.at(here->branch);
  const auto nothing_to_merge = [&] {
    settle(*here, head);
    if (is_new) state().heads.erase(here->branch);
    return Expected::row(one_text(head));
  };
  const History& history = state().history;
  const bool forward = history.ancestors(*source).contains(head);
  const bool contained = history.ancestors(head).contains(*source);
  if (contained) return nothing_to_merge();
  if (forward && !action.flag && !action.flag2) {
    settle(*here, *source);
    return Expected::row(one_text(*source));
  }
  const Merged merged = model::merge(history.base_of(head, *source), *history.at(head).rows,
                                     *history.at(*source).rows, *settling);
  if (!merged.conflicts.empty()) return conflict(merged.conflicts, *settling);
  const bool squash = action.flag2;
  if (squash && merged.rows == *history.at(head).rows) return nothing_to_merge();
  Commit commit{std::make_shared<Rows>(merged.rows),
                {head, *source},
                author_of(action),
                time_of(action),
                "Merge " + action.ref + " into " + here->branch};
  if (squash) commit.parents.pop_back();
  return settle_at_new(*here, commit, real);
}

}  // namespace vkv::model
