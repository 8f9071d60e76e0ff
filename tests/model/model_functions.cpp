// The model's functions that move something: commits, merges, branches, the session.
#include <algorithm>

#include "core/base/hash.h"
#include "tests/model/model.h"

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
  if (!here->dirty && !action.flag) return Expected::row(one_text(here->base));

  Commit commit{here->rows, {here->base}, author_of(action), time_of(action), message_of(action)};
  const auto head = state().heads.find(here->branch);
  if (head == state().heads.end() || head->second == here->base) {
    return settle_at_new(*here, commit, real);
  }
  // The head has moved: our changes become a commit of their own that is merged with it.
  const Commit ours{here->rows, {here->base}, {}, {}, {}};
  const std::string* known = commit_hashes_.right_of(fingerprint(ours));
  const std::string ours_hash = known != nullptr           ? *known
                                : real.parents.size() == 2 ? real.parents[1]
                                                           : "ours";
  State scratch = state();
  scratch.history.add(ours_hash, std::make_shared<Commit>(ours));
  const Merged merged = model::merge(scratch.history.base_of(ours_hash, head->second), *here->rows,
                                     *scratch.history.at(head->second).rows, *settling);
  if (!merged.conflicts.empty()) return conflict(merged.conflicts, *settling);
  commit.rows = std::make_shared<Rows>(merged.rows);
  commit.parents = {head->second, ours_hash};
  if (real.answer->ok() && !record(ours_hash, ours)) {
    Expected broken;
    broken.broken = "the second parent must be this writer's changes on its base";
    return broken;
  }
  return settle_at_new(*here, commit, real);
}

Expected Model::merge(const Action& action, const Real& real) {
  const auto settling = on_conflict(action);
  const auto here = place();
  const auto source = resolve(action.ref);
  if (!settling || !here || here->dirty || !source || !state().heads.contains(here->branch)) {
    return Expected::error(SQLITE_ERROR);
  }
  const std::string head = state().heads.at(here->branch);
  const History& history = state().history;
  const bool forward = history.ancestors(*source).contains(head);
  const bool contained = history.ancestors(head).contains(*source);
  if (contained || (forward && !action.flag && !action.flag2)) {
    const std::string& to = contained ? head : *source;
    settle(*here, to);
    return Expected::row(one_text(to));
  }
  const Merged merged = model::merge(history.base_of(head, *source), *history.at(head).rows,
                                     *history.at(*source).rows, *settling);
  if (!merged.conflicts.empty()) return conflict(merged.conflicts, *settling);
  const bool squash = action.flag2;
  if (squash && merged.rows == *history.at(head).rows) {
    settle(*here, head);
    return Expected::row(one_text(head));
  }
  Commit commit{std::make_shared<Rows>(merged.rows),
                {head, *source},
                author_of(action),
                time_of(action),
                "Merge " + action.ref + " into " + here->branch};
  if (squash) commit.parents.pop_back();
  return settle_at_new(*here, commit, real);
}

Expected Model::branch(const Action& action) {
  const auto at = action.ref.empty() ? resolve("HEAD") : resolve(action.ref);
  if (!at || action.name == "HEAD" || state().heads.contains(action.name)) {
    return Expected::error(SQLITE_ERROR);
  }
  state().heads[action.name] = *at;
  return Expected::row(one_text(*at));
}

Expected Model::branch_delete(const Action& action) {
  const auto here = place();
  const bool is_own = current().session.branch == action.name;
  const auto is_on_it = [&](const auto& detached) { return detached.second.branch == action.name; };
  const bool has_staged =
      state().shared.contains(action.name) ||
      std::any_of(state().detached.begin(), state().detached.end(), [&](const auto& detached) {
        const Workspace& workspace = detached.second;
        return is_on_it(detached) && *workspace.rows != *state().history.at(workspace.base).rows;
      });
  if (!here || !state().heads.contains(action.name) || is_own || (has_staged && !action.flag)) {
    return Expected::error(SQLITE_ERROR);
  }
  state().heads.erase(action.name);
  state().shared.erase(action.name);
  std::erase_if(state().detached, is_on_it);
  return Expected::any_rows();
}

Expected Model::checkout(const Action& action) {
  Session& session = current().session;
  const auto shared = shared_place(action.ref);
  if (shared && (action.name.empty() || action.name == action.ref)) {
    session = {action.ref, 0, ""};
    return Expected::row(one_text(shared->base));
  }
  const auto commit = resolve(action.ref);
  if (!commit || (shared && action.name != action.ref)) return Expected::error(SQLITE_ERROR);
  session = {action.name.empty() ? session.branch : action.name, ++checkouts_, *commit};
  return Expected::row(one_text(*commit));
}

Expected Model::reset() {
  const auto here = place();
  if (!here) return Expected::error(SQLITE_ERROR);
  put_rows(*here, *state().history.at(here->base).rows);
  return Expected::row(one_text(place()->base));
}

}  // namespace vkv::model
