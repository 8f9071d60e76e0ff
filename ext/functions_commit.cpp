// vkv_commit.
#include <algorithm>

#include "core/base/error.h"
#include "ext/base_move.h"
#include "ext/function_call.h"
#include "ext/merge_options.h"
#include "ext/staged_edits.h"

namespace vkv::ext {
namespace {

struct CommitCall {
  CommitMetadata metadata;
  OnConflict on_conflict = OnConflict::raise;
  bool allow_empty = false;
  std::optional<std::vector<std::string>> patterns;  // absent: commit everything
  StagedEdits::Filter only;                          // empty: commit everything
};

// Accepts the keys that start with `prefix` and go on as one of the patterns accepts, as
// key GLOB pattern does.
StagedEdits::Filter matches_any(const Bytes& prefix, const std::vector<std::string>& patterns) {
  return [&prefix, &patterns](BytesView key) {
    if (!key.starts_with(prefix)) return false;
    const std::string text(key.substr(prefix.size()));
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return sqlite3_strglob(pattern.c_str(), text.c_str()) == 0;
    });
  };
}

CommitCall commit_call(const Arguments& arguments) {
  CommitCall wanted;
  const auto message = arguments.optional_text(1);
  Options options = arguments.options(2);
  wanted.metadata = metadata_options(options, message);
  wanted.on_conflict = on_conflict_option(options);
  wanted.allow_empty = options.flag("allow_empty");
  wanted.patterns = options.texts("keys");
  options.finish();
  return wanted;
}

std::unique_ptr<StagedTable::Scan> scan_staged(VersionedTable& table, const WorkspaceState& state) {
  return state.dirty ? table.staged().scan(*state.row, {}, {}, false) : nullptr;
}

// What stays staged after some of it was committed is relative to the new commit. A merge may have
// brought a change to such a key: the staged row must not pass over it in silence.
class StagedRest {
 public:
  StagedRest(VersionedTable& table, const WorkspaceState& before, const Hash& commit,
             const CommitCall& wanted)
      : table_(table),
        before_(before),
        commit_(commit),
        wanted_(wanted),
        move_(table, before.base, commit) {}

  void settle() {
    sort_out();
    if (!contested_.empty()) throw MergeConflict(std::move(contested_), {});
    for (const Bytes& key : gone_) table_.staged().erase(*before_.row, key);
    table_.workspaces().set_base(*before_.row, commit_);
    table_.invalidate();
    if (!table_.state().dirty) table_.settle_at(commit_);
  }

 private:
  void sort_out() {
    const auto rows = scan_staged(table_, before_);
    BytesView key;
    std::optional<ValueView> value;
    while (rows->next(key, value)) {
      if (wanted_.only(key) || is_settled(key, value)) gone_.emplace_back(key);
    }
  }

  // Whether the row need not stay staged.
  bool is_settled(BytesView key, const std::optional<ValueView>& value) {
    const BaseMove::Fate fate = move_.fate(key, value);
    if (fate != BaseMove::Fate::contested) return fate == BaseMove::Fate::goes;
    if (wanted_.on_conflict == OnConflict::ours) return false;
    if (wanted_.on_conflict == OnConflict::theirs) return true;
    contested_.emplace_back(key);
    return false;
  }

  VersionedTable& table_;
  const WorkspaceState& before_;
  const Hash& commit_;
  const CommitCall& wanted_;
  BaseMove move_;
  std::vector<Bytes> gone_;
  std::vector<std::string> contested_;
};

// Passes edits on, and notes the keys that are written.
class NotedEdits final : public EditSource {
 public:
  explicit NotedEdits(EditSource& edits) : edits_(edits) {}

  bool next(Edit& edit) override {
    if (!edits_.next(edit)) return false;
    if (edit.value) written_.emplace_back(edit.key);
    return true;
  }

  const std::vector<Bytes>& written() const { return written_; }

 private:
  EditSource& edits_;
  std::vector<Bytes> written_;
};

WriteResult commit_edits(VersionedTable& table, const WorkspaceState& state,
                         const CommitCall& wanted, EditSource& edits) {
  return commit_to_branch(table.repository(),
                          {.branch = state.branch,
                           .base = state.base,
                           .metadata = wanted.metadata,
                           .allow_empty = wanted.allow_empty,
                           .rules = merge_rules(wanted.on_conflict)},
                          edits);
}

WriteResult commit_rows(VersionedTable& table, const WorkspaceState& state,
                        const CommitCall& wanted) {
  StagedEdits edits(scan_staged(table, state), table.repository().chunks(), wanted.only);
  if (!table.water_marks()) return commit_edits(table, state, wanted, edits);
  NotedEdits noted(edits);
  WriteResult result = commit_edits(table, state, wanted, noted);
  if (result.strategy != Strategy::no_op) table.record_touches(noted.written());
  return result;
}

WriteResult commit_staged(VersionedTable& table, const CommitCall& wanted) {
  const WorkspaceState state = table.state();
  WriteResult result = commit_rows(table, state, wanted);
  if (state.dirty && wanted.only) {
    StagedRest(table, state, result.commit, wanted).settle();
  } else if (state.dirty || result.strategy != Strategy::no_op) {
    table.settle_at(result.commit);
  }
  return result;
}

void commit(FunctionCall& call) {
  CommitCall wanted = commit_call(call.arguments());
  const auto write = [&](VersionedTable& table) {
    if (wanted.patterns) wanted.only = matches_any(call.prefix(), *wanted.patterns);
    return commit_staged(table, wanted);
  };
  IsOneStep* const moves_head_alone = [](VersionedTable& table) {
    return table.commit_moves_head_alone();
  };
  write_merging(call, wanted.on_conflict, write, wanted.patterns ? nullptr : moves_head_alone);
}

constexpr Function kFunctions[] = {
    {"vkv_commit", Function::Effect::writes, 2, {"table", "message", "options"}, commit},
};

}  // namespace

std::span<const Function> commit_functions() { return kFunctions; }

}  // namespace vkv::ext
