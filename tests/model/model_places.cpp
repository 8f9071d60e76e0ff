// The model's branches, tags and workspaces, and where connections are.
#include "tests/model/model.h"
#include "tests/model/row_statements.h"

namespace vkv::model {
namespace {

Expected one_text(const std::string& value) { return Expected::row({value}); }

bool is_null(const SqlValue& value) { return std::holds_alternative<std::monostate>(value); }

std::optional<double> number(const SqlValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// a IS b in SQL.
bool is(const SqlValue& a, const SqlValue& b) {
  return number(a) && number(b) ? *number(a) == *number(b) : a == b;
}

}  // namespace

Expected Model::branch(const Action& action) {
  const auto at = action.ref.empty() ? resolve("HEAD") : resolve(action.ref);
  if (!at || action.name == "HEAD" || state().heads.contains(action.name)) {
    return Expected::error(SQLITE_ERROR);
  }
  state().heads[action.name] = *at;
  return one_text(*at);
}

Expected Model::branch_delete(const Action& action) {
  const std::string& name = action.name;
  const auto here = place();
  if (!here || here->branch == name || name == state().default_branch ||
      !state().heads.contains(name)) {
    return Expected::error(SQLITE_ERROR);
  }
  const auto is_on_it = [&](const auto& entry) { return entry.second.branch == name; };
  for (const auto* workspaces : {&state().shared, &state().named}) {
    for (const auto& entry : *workspaces) {
      const bool has_changes = is_on_it(entry) && staged(entry.second) > 0;
      if (has_changes && !action.flag) return Expected::error(SQLITE_ERROR);
    }
  }
  const std::string head = state().heads.at(name);
  state().heads.erase(name);
  std::erase_if(state().shared, is_on_it);
  std::erase_if(state().named, is_on_it);
  return one_text(head);
}

Expected Model::branch_rename(const Action& action) {
  const std::string& from = action.name;
  const std::string& to = action.ref;
  auto& heads = state().heads;
  if (!heads.contains(from) || heads.contains(to) || to == "HEAD") {
    return Expected::error(SQLITE_ERROR);
  }
  heads[to] = heads.at(from);
  heads.erase(from);
  if (auto shared = state().shared.extract(from)) {
    shared.key() = to;
    state().shared.insert(std::move(shared));
  }
  for (auto* workspaces : {&state().shared, &state().named}) {
    for (auto& [name, workspace] : *workspaces) {
      if (workspace.branch == from) workspace.branch = to;
    }
  }
  if (state().default_branch == from) state().default_branch = to;
  if (current().session.branch == from) current().session.branch = to;
  return one_text(heads.at(to));
}

Expected Model::tag(const Action& action) {
  const auto at = action.ref.empty() ? resolve("HEAD") : resolve(action.ref);
  if (!at || action.name == "HEAD" || state().tags.contains(action.name)) {
    return Expected::error(SQLITE_ERROR);
  }
  state().tags[action.name] = *at;
  return one_text(*at);
}

Expected Model::tag_delete(const Action& action) {
  const auto tag = state().tags.extract(action.name);
  return tag ? one_text(tag.mapped()) : Expected::error(SQLITE_ERROR);
}

Expected Model::reset() {
  const auto here = place();
  if (!here) return Expected::error(SQLITE_ERROR);
  put_rows(*here, *state().history.at(here->base).rows);
  return one_text(place()->base);
}

Expected Model::refresh() {
  const auto here = place();
  if (!here || !state().heads.contains(here->branch)) return Expected::error(SQLITE_ERROR);
  const std::string head = state().heads.at(here->branch);
  settle(*here, head);
  return one_text(head);
}

Expected Model::reset_to(const Action& action) {
  const auto here = place();
  const auto commit = resolve(action.ref);
  if (!here || here->dirty || !commit) return Expected::error(SQLITE_ERROR);
  settle(*here, *commit);
  return one_text(*commit);
}

Expected Model::cas(const Action& action) {
  const auto here = place();
  const auto key = key_of(action.key);
  if (!key) {
    Expected wrong_type = Expected::error(SQLITE_MISMATCH);
    if (!here) wrong_type.codes.insert(SQLITE_ERROR);
    return wrong_type;
  }
  if (!here) return Expected::error(SQLITE_ERROR);
  const std::string full_key = prefix_of(view_) + *key;
  const auto found = value_at(*here->rows, full_key);
  const SqlValue expected = action.flag ? found.value_or(std::monostate{}) : action.expected;
  const bool done = is_null(expected) ? !found : found && is(*found, expected);
  if (done) put_rows(*here, applied({{full_key, action.value}}, *here->rows));
  return Expected::row({std::int64_t{done}});
}

Expected Model::move_to(Session session) {
  current().session = std::move(session);
  return one_text(place()->base);
}

Expected Model::checkout(const Action& action) {
  const bool is_branch = state().heads.contains(action.ref);
  if (is_branch && (action.name.empty() || action.name == action.ref)) {
    return move_to({action.ref, "", ""});
  }
  const auto commit = resolve(action.ref);
  if (is_branch || !commit) return Expected::error(SQLITE_ERROR);
  const std::string branch = action.name.empty() ? current_branch() : action.name;
  return move_to({branch, "@" + std::to_string(++checkouts_), *commit});
}

// Moving there is all, unless the workspace has to be made.
Expected Model::workspace(const Action& action, const Real& real) {
  if (action.name.empty()) {
    const std::string branch = action.ref.empty() ? current_branch() : action.ref;
    return state().heads.contains(branch) ? move_to({branch, "", ""})
                                          : Expected::error(SQLITE_ERROR);
  }
  const auto known = state().named.find(action.name);
  if (known == state().named.end()) return run_writer(action, real);
  const std::string branch = known->second.branch;
  if (!action.ref.empty() && action.ref != branch) return Expected::error(SQLITE_ERROR);
  return move_to({branch, action.name, ""});
}

Expected Model::make_workspace(const Action& action) {
  const std::string branch = action.ref.empty() ? current_branch() : action.ref;
  const auto head = state().heads.find(branch);
  if (head == state().heads.end()) return Expected::error(SQLITE_ERROR);
  state().named[action.name] = {branch, head->second, state().history.at(head->second).rows};
  return move_to({branch, action.name, ""});
}

Expected Model::workspace_delete(const Action& action) {
  const auto found = state().named.find(action.name);
  if (found == state().named.end() || current().session.workspace == action.name ||
      (staged(found->second) > 0 && !action.flag)) {
    return Expected::error(SQLITE_ERROR);
  }
  const std::string base = found->second.base;
  state().named.erase(found);
  return one_text(base);
}

}  // namespace vkv::model
