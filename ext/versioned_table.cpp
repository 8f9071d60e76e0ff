#include "ext/versioned_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/graph/revision.h"
#include "ext/table_storage.h"

namespace vkv::ext {
namespace {

// How many rows are waiting to be committed is not worth counting for a plan.
constexpr double kStagedRowsGuess = 10'000;
// Where lookups are counted, SQLite must take a list of keys for one, and not scan instead because
// there are but few rows.
constexpr double kRowsToSearch = 1'000;

// How many ancestors found by walking back are remembered.
constexpr std::size_t kMostAncestors = 64;

std::optional<WaterMarks> read_water_marks(ShadowConfig& stored) {
  const auto high = stored.integer("high_water_bytes");
  const auto low = stored.integer("low_water_bytes");
  if (!high && !low) return std::nullopt;
  const WaterMarks marks{high.value_or(0), low.value_or(0)};
  if (!low || !marks.valid()) {
    throw Corruption("its settings high_water_bytes and low_water_bytes do not fit together");
  }
  return marks;
}

}  // namespace

VersionedTable::VersionedTable(std::shared_ptr<Connection> connection, std::string schema,
                               std::string name)
    : connection_(std::move(connection)), schema_(std::move(schema)), name_(std::move(name)) {}

VersionedTable::VersionedTable(VersionedTable& store)
    : connection_(store.connection_),
      schema_(store.schema_),
      name_(store.name_),
      store_(&store.store()) {}

VersionedTable::~VersionedTable() = default;

VersionedTable& VersionedTable::pinned(const std::string& place, std::string_view view) {
  auto& found = pinned_[place];
  if (!found) {
    found.reset(new VersionedTable(*this));
    found->place_ = place_ + '\0' + place;
  }
  found->view_ = view;
  return *found;
}

VersionedTable& VersionedTable::on_branch(const std::string& branch, std::string_view view) {
  VersionedTable& table = pinned("heads/" + branch, view);
  table.session().branch = branch;
  return table;
}

VersionedTable& VersionedTable::at_version(const std::string& ref, std::string_view view) {
  const Hash commit = resolve(ref);
  VersionedTable& table = pinned("at/" + ref, view);
  table.is_version_ = true;
  Session& session = table.session();
  if (session.place == Session::Place::detached && session.base == commit) return table;
  session.place = Session::Place::detached;
  session.branch.clear();
  session.base = commit;
  ++session.moves;
  return table;
}

void VersionedTable::renamed(std::string_view name) {
  for (const auto& [place, table] : pinned_) table->renamed(name);
  base_cursor_.reset();
  found_.reset();
  storage_.reset();
  name_ = name;
  stamp_.reset();
}

VersionedTable::Storage& VersionedTable::storage() {
  if (is_pinned()) return store_->storage();
  if (!storage_) storage_ = std::make_unique<Storage>(*this);
  return *storage_;
}

Repository& VersionedTable::repository() { return storage().repository; }
WorkspaceTable& VersionedTable::workspaces() { return storage().workspaces; }
StagedTable& VersionedTable::staged() { return storage().staged; }
Touches& VersionedTable::touches() { return storage().touches; }
UserBytes& VersionedTable::user_bytes() { return storage().user_bytes; }

void VersionedTable::record_touches(std::span<const Bytes> written) {
  if (!water_marks()) return;
  Storage& storage = this->storage();
  if (storage.recorded_at != connection_->epoch()) read_again(storage);
  for (std::string& key : storage.touches.reads()) {
    storage.recorded_reads.push_back(std::move(key));
  }
  storage.recorded_at = connection_->epoch();
  const std::vector<std::string_view> keys(written.begin(), written.end());
  storage.touches.record(keys);
}

// What was recorded may have been rolled back. Recording it twice does no harm.
void VersionedTable::read_again(Storage& storage) {
  const std::vector<std::string> later = storage.touches.reads();
  for (const auto* reads : {&std::as_const(storage.recorded_reads), &later}) {
    for (const std::string& key : *reads) storage.touches.on_read(key);
  }
  storage.recorded_reads.clear();
}

const VersionedTable::Config& VersionedTable::config() {
  if (is_pinned()) return store_->config();
  if (!config_) config_ = read_config();
  return *config_;
}

VersionedTable::Config VersionedTable::read_config() {
  ShadowConfig& stored = storage().settings;
  stored.check_format();
  return {stored.required_text("id"), stored.is_live(), read_water_marks(stored)};
}

void VersionedTable::require_versions() {
  if (!is_live()) return;
  throw Unsupported("table " + printable(name_) + " is a live table, which has no versions");
}

std::string VersionedTable::default_branch() {
  config();
  return storage().settings.required_text("default_branch");
}

Session& VersionedTable::session() {
  if (session_ == nullptr) {
    session_ = &connection_->session(schema_, config().id + place_, default_branch());
  }
  return *session_;
}

std::optional<Hash> VersionedTable::head(std::string_view branch) {
  if (is_pinned()) return store_->head(branch);
  if (auto head = repository().refs().head(branch)) return head;
  if (branch == default_branch()) return root_commit_hash();
  return {};
}

Hash VersionedTable::existing_head(std::string_view branch) {
  if (const auto head = this->head(branch)) return *head;
  throw InvalidArgument("there is no branch " + printable(branch));
}

void VersionedTable::set_default_branch(std::string_view branch) {
  if (is_pinned()) return store_->set_default_branch(branch);
  storage().settings.set_text("default_branch", branch);
}

const WorkspaceState& VersionedTable::state() {
  if (undone_) stamp_.reset();
  return state_to_write();
}

const WorkspaceState& VersionedTable::state_in_statement() {
  if (undone_) stamp_.reset();
  return state_at(in_write_ ? current_stamp() : change_stamp_in_transaction(*connection_, schema_));
}

const WorkspaceState& VersionedTable::state_to_write() { return state_at(current_stamp()); }

const WorkspaceState& VersionedTable::state_at(const std::optional<ChangeStamp>& now) {
  if (holds(now)) return state_;
  stamp_.reset();
  uncounted_rows_ = 0;
  undone_ = false;
  staged_filter_.forget();
  state_ = read_state();
  staged_lookups_ = 0;
  if (!state_.dirty) staged_filter_.reset();
  moves_ = session().moves;
  writes_seen_ = store().writes_;
  stamp_ = now;
  return state_;
}

bool VersionedTable::holds(const std::optional<ChangeStamp>& now) {
  if (!stamp_ || !now || moves_ != session().moves) return false;
  if (writes_seen_ != store().writes_) return false;
  if (*stamp_ == *now) return true;
  if (store().latest_writer_ != this) return false;
  // If the statement that wrote last has ended, SQLite has counted its rows.
  ChangeStamp counted = *stamp_;
  counted.total_changes += uncounted_rows_;
  if (counted != *now) return false;
  // A workspace that a statement left clean follows its branch.
  if (undone_) return false;
  stamp_ = now;
  uncounted_rows_ = 0;
  return true;
}

// Nobody else commits while this connection writes, so data_version stands still.
std::optional<ChangeStamp> VersionedTable::current_stamp() {
  if (!in_write_) return change_stamp(*connection_, schema_);
  if (!write_data_version_) {
    const auto now = change_stamp_in_transaction(*connection_, schema_);
    if (now) write_data_version_ = now->data_version;
    return now;
  }
  return ChangeStamp{*write_data_version_, sqlite3_total_changes64(connection_->db()),
                     connection_->epoch()};
}

void VersionedTable::began() {
  in_write_ = true;
  write_data_version_.reset();
}

// A transaction may have written without asking for the state: what is remembered may be older than
// another connection's commit before it.
void VersionedTable::about_to_commit() {
  if (!holds(current_stamp())) stamp_.reset();
}

// A commit moves data_version; nothing else of the stamp.
void VersionedTable::committed() {
  const auto& storage = is_pinned() ? store_->storage_ : storage_;
  if (storage && storage->recorded_at == connection_->epoch()) storage->recorded_reads.clear();
  if (!stamp_) return;
  const auto now = change_stamp_in_transaction(*connection_, schema_);
  if (now) stamp_->data_version = now->data_version;
  if (!holds(now)) stamp_.reset();
}

void VersionedTable::place_is_gone(const char* what, std::string_view name) const {
  const std::string gone = std::string(what) + " " + printable(name) + " no longer exists";
  throw InvalidArgument(is_pinned() ? "view " + printable(view_) + ": " + gone
                                    : gone + "; vkv_checkout leads to one that does");
}

WorkspaceState VersionedTable::read_state() {
  if (is_live()) return live_state();
  const Session& session = this->session();
  if (session.place == Session::Place::shared) return shared_state(session.branch);
  const auto row = workspaces().find_named(session.workspace);
  if (row) return private_state(*row);
  if (session.place == Session::Place::named) place_is_gone("workspace", session.workspace);
  return detached_state(session);
}

WorkspaceState VersionedTable::live_state() {
  constexpr std::int64_t workspace = 0;  // has no row in <t>_workspace, where ids start at 1
  WorkspaceState state;
  state.row = workspace;
  state.row_base = root_commit_hash();
  state.base = state.row_base;
  state.root = empty_root();
  state.dirty = staged().any(workspace);
  return state;
}

WorkspaceState VersionedTable::shared_state(const std::string& branch) {
  WorkspaceState state;
  state.branch = branch;
  state.head = repository().refs().head(branch);
  const auto followed = head(branch);
  if (!followed) place_is_gone("branch", branch);
  state.base = *followed;
  if (const auto row = workspaces().find_shared(branch)) {
    state.row = row->id;
    state.row_base = row->stored_base;
    state.dirty = staged().any(row->id);
    if (state.dirty) state.base = row->base;
  }
  state.root = root_of(state.base);
  return state;
}

WorkspaceState VersionedTable::private_state(const WorkspaceRow& row) {
  WorkspaceState state;
  state.row = row.id;
  state.row_base = row.stored_base;
  state.branch = row.branch;
  state.head = repository().refs().head(row.branch);
  state.base = row.base;
  state.root = root_of(row.base);
  state.dirty = staged().any(row.id);
  return state;
}

WorkspaceState VersionedTable::detached_state(const Session& session) {
  // Its commit may have been rolled back since.
  if (!repository().has_commit(session.base)) place_is_gone("version", session.base.hex());
  WorkspaceState state;
  state.branch = session.branch;
  state.head = repository().refs().head(session.branch);
  state.base = session.base;
  state.root = root_of(session.base);
  return state;
}

const Hash& VersionedTable::root_of(const Hash& commit) {
  if (!commit_and_root_ || commit_and_root_->first != commit) {
    commit_and_root_.emplace(commit, repository().recall(commit).root);
  }
  return commit_and_root_->second;
}

double VersionedTable::estimated_rows() {
  CacheRef ref;
  const NodePtr root =
      commit_and_root_ ? connection_->node_cache().find(state_.root, ref) : NodePtr();
  if (!root) return kRowsGuess;
  const double rows = static_cast<double>(root->rows()) + (state_.dirty ? kStagedRowsGuess : 0);
  return evicts() ? std::max(rows, kRowsToSearch) : rows;
}

Hash VersionedTable::resolve(std::string_view revision) {
  require_versions();
  const auto [name, suffixes] = split_revision(revision);
  const Hash start = resolve_name(name);
  if (suffixes.empty()) return start;

  std::pair ancestor(start, std::string(suffixes));
  if (const auto known = ancestors_.find(ancestor); known != ancestors_.end()) return known->second;
  const Hash found = resolve_suffixes(repository(), revision, start);
  if (ancestors_.size() == kMostAncestors) ancestors_.clear();
  ancestors_.emplace(std::move(ancestor), found);
  return found;
}

Hash VersionedTable::resolve_name(std::string_view name) {
  if (name == default_branch()) {
    if (const auto found = head(name)) return *found;
  }
  // Nothing else needs the session's place, which may be gone.
  const Hash base = name == "HEAD" ? state().base : root_commit_hash();
  return resolve_revision(repository(), name, base);
}

void VersionedTable::finalize_statements() {
  if (storage_) storage_->finalize_statements();
}

}  // namespace vkv::ext
