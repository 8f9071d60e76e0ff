// The model's reading: rows of any version, revisions, history.
#include <algorithm>
#include <deque>

#include "tests/model/model.h"
#include "tests/model/row_statements.h"

namespace vkv::model {
namespace {

bool is_hex(const std::string& text) {
  return text.size() >= 4 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

SqlValue json_array(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "\"" : ",\"") + text + "\"";
  return "[" + json + "]";
}

}  // namespace

std::optional<std::string> Model::resolve_name(const std::string& name) const {
  if (name == "HEAD") {
    const auto here = place();
    return here ? std::optional<std::string>(here->base) : std::nullopt;
  }
  const auto head = state().heads.find(name);
  if (head != state().heads.end()) return head->second;
  const auto tag = state().tags.find(name);
  if (tag != state().tags.end()) return tag->second;
  return is_hex(name) ? state().history.abbreviated(name) : std::nullopt;
}

std::optional<std::string> Model::resolve(const std::string& ref) const {
  const auto suffix = std::min(ref.find_first_of("~^"), ref.size());
  auto commit = resolve_name(ref.substr(0, suffix));
  for (auto at = suffix; commit && at < ref.size();) {
    const char step = ref[at++];
    std::string digits;
    while (at < ref.size() && ref[at] != '~' && ref[at] != '^') digits += ref[at++];
    const std::size_t count = digits.empty() ? 1 : std::stoul(digits);
    for (std::size_t i = 0; step == '~' && commit && i < count; ++i) {
      const auto& parents = state().history.at(*commit).parents;
      commit = parents.empty() ? std::nullopt : std::optional<std::string>(parents[0]);
    }
    if (step == '^' && count > 0) {
      const auto& parents = state().history.at(*commit).parents;
      commit =
          count > parents.size() ? std::nullopt : std::optional<std::string>(parents[count - 1]);
    }
  }
  return commit;
}

RowsPtr Model::version(const std::string& ref) const {
  if (ref == "WORKING" || ref.empty()) {
    const auto here = place();
    return here ? here->rows : nullptr;
  }
  const auto commit = resolve(ref);
  return commit ? state().history.at(*commit).rows : nullptr;
}

Expected Model::read(const Action& action) const {
  const RowsPtr rows = version(action.ref);
  if (!rows) return without_place(action);
  return Expected::table(read_rows(action, *shown(view_, rows)));
}

Expected Model::query(const Action& action, const Real& real) {
  // Only these two ask for the place itself; others when they name HEAD or WORKING.
  const auto here = place();
  const bool asks = action.kind == Kind::where || action.kind == Kind::status;
  if (asks && !here) return Expected::error(SQLITE_ERROR);
  switch (action.kind) {
    case Kind::check:
      return Expected::row({std::string("ok")});
    case Kind::where:
      return Expected::row({here->base, here->branch, std::int64_t{here->dirty}});
    case Kind::hash:
      return hash(action, real);
    case Kind::merge_base:
      return merge_base(action, real);
    case Kind::rev_parse: {
      const auto commit = resolve(action.ref);
      return commit ? Expected::row({*commit}) : Expected::error(SQLITE_ERROR);
    }
    case Kind::log:
      return log(action);
    case Kind::diff: {
      const RowsPtr from = version(action.ref);
      const RowsPtr to = version(action.ref2);
      if (action.ref.empty() || action.ref2.empty() || !from || !to) {
        return Expected::error(SQLITE_ERROR);
      }
      return Expected::table(model::diff(*shown(view_, from), *shown(view_, to)));
    }
    case Kind::status:
      return Expected::table(model::diff(*shown(view_, state().history.at(here->base).rows),
                                         *shown(view_, here->rows)));
    case Kind::tags:
      return tags();
    case Kind::workspaces:
      return workspaces();
    default:
      return branches();
  }
}

Expected Model::hash(const Action& action, const Real& real) {
  const RowsPtr rows = version(action.ref);
  if (!rows) return Expected::error(SQLITE_ERROR);
  const std::string found = real.answer->text();
  Expected expected = Expected::row({found});
  if (found.size() != 64 || !state_hashes_.add(fingerprint(*rows), found)) {
    expected.broken = "equal contents and only equal ones have equal state hashes";
  }
  return expected;
}

Expected Model::merge_base(const Action& action, const Real& real) const {
  const auto a = resolve(action.ref);
  const auto b = resolve(action.ref2);
  if (!a || !b) return Expected::error(SQLITE_ERROR);
  const History& history = state().history;
  const auto best = history.best_common(history.ancestors(*a), history.ancestors(*b));
  Expected expected = Expected::any_rows();
  if (!best.contains(real.answer->text())) expected.broken = "not a best common ancestor";
  return expected;
}

Expected Model::log(const Action& action) const {
  const auto start = resolve(action.ref);
  if (!start) return Expected::error(SQLITE_ERROR);
  std::vector<SqlRow> rows;
  std::set<std::string> queued{*start};
  std::deque<std::string> waiting{*start};
  for (; !waiting.empty(); waiting.pop_front()) {
    const std::string& hash = waiting.front();
    const Commit& commit = state().history.at(hash);
    rows.push_back({hash, json_array(commit.parents), commit.author, commit.time, commit.message});
    const std::size_t followed =
        action.flag ? commit.parents.size() : std::min<std::size_t>(1, commit.parents.size());
    for (std::size_t i = 0; i < followed; ++i) {
      if (queued.insert(commit.parents[i]).second) waiting.push_back(commit.parents[i]);
    }
  }
  return Expected::table(std::move(rows));
}

std::int64_t Model::staged(const Workspace& workspace) const {
  const Rows& base = *state().history.at(workspace.base).rows;
  if (*workspace.rows == base) return 0;
  return static_cast<std::int64_t>(model::diff(base, *workspace.rows).size());
}

Expected Model::branches() const {
  // Of a place that is gone: where it was, but for a workspace, which knew its branch itself.
  const Session session = this->session();
  const bool is_somewhere = session.workspace.empty() || !session.base.empty() || place();
  std::vector<SqlRow> rows;
  for (const auto& [name, head] : state().heads) {
    const Commit& commit = state().history.at(head);
    const auto shared = state().shared.find(name);
    const std::int64_t waiting = shared == state().shared.end() ? 0 : staged(shared->second);
    rows.push_back({name, head, std::int64_t{is_somewhere && name == current_branch()}, waiting,
                    commit.author, commit.time, commit.message});
  }
  return Expected::table(std::move(rows));
}

Expected Model::tags() const {
  std::vector<SqlRow> rows;
  for (const auto& [name, commit] : state().tags) rows.push_back({name, commit, std::monostate{}});
  return Expected::table(std::move(rows));
}

Expected Model::workspaces() const {
  const Session session = this->session();
  std::vector<SqlRow> rows;
  for (const auto& [branch, workspace] : state().shared) {
    const bool is_current = session.workspace.empty() && session.branch == branch;
    rows.push_back(
        {std::monostate{}, branch, workspace.base, staged(workspace), std::int64_t{is_current}});
  }
  for (const auto& [name, workspace] : state().named) {
    rows.push_back({name[0] == '@' ? "@" : name, workspace.branch, workspace.base,
                    staged(workspace), std::int64_t{name == session.workspace}});
  }
  std::sort(rows.begin(), rows.end());
  return Expected::table(std::move(rows));
}

}  // namespace vkv::model
