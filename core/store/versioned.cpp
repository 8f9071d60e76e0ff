#include "core/store/versioned.h"

#include "core/base/json.h"
#include "core/base/printable.h"
#include "core/base/utf8.h"
#include "core/graph/log.h"
#include "core/graph/publish.h"
#include "core/graph/ref_name.h"
#include "core/graph/revision.h"
#include "core/tree/cursor.h"

namespace vkv {
namespace {

void check_utf8(const char* what, const std::optional<Bytes>& text) {
  if (text && !is_utf8(*text)) {
    throw InvalidArgument(std::string(what) + " is not UTF-8: " + printable(*text));
  }
}

CommitMetadata metadata_of(const CommitOptions& options) {
  check_utf8("message", options.message);
  check_utf8("author", options.author);
  CommitMetadata metadata{options.message, options.author, options.time, std::nullopt};
  if (options.info) metadata.info = canonical_json_object(*options.info);
  return metadata;
}

MergeRules::Fallback fallback_of(OnConflict on_conflict) {
  switch (on_conflict) {
    case OnConflict::raise:
    case OnConflict::abandon:
      return MergeRules::Fallback::conflict;
    case OnConflict::ours:
      return MergeRules::Fallback::ours;
    case OnConflict::theirs:
      return MergeRules::Fallback::theirs;
  }
  throw InvalidArgument("on_conflict is none of raise, abandon, ours, theirs");
}

void check_values(const Changes& changes) {
  for (const auto& [key, value] : changes) {
    if (value && !fits(value->type, value->bytes)) {
      throw InvalidArgument("the bytes of " + printable(key) + " do not have their type's form");
    }
  }
}

// Changes as a tree takes them.
class ChangeEdits final : public EditSource {
 public:
  ChangeEdits(ChunkStore& chunks, const Changes& changes)
      : chunks_(chunks), next_(changes.begin()), end_(changes.end()) {}

  bool next(Edit& edit) override {
    if (next_ == end_) return false;
    edit.key = next_->first;
    edit.value.reset();
    if (next_->second) edit.value = store_value(chunks_, *next_->second, scratch_);
    ++next_;
    return true;
  }

 private:
  ChunkStore& chunks_;
  Changes::const_iterator next_;
  Changes::const_iterator end_;
  Bytes scratch_;
};

std::vector<std::string> to_hex(const std::vector<Hash>& hashes) {
  std::vector<std::string> all;
  for (const Hash& hash : hashes) all.push_back(hash.hex());
  return all;
}

std::vector<std::string> names(const std::map<std::string, Hash>& branches) {
  std::vector<std::string> all;
  for (const auto& branch : branches) all.push_back(branch.first);
  return all;
}

}  // namespace

Versioned::Versioned(std::shared_ptr<KVStore> store, VersionedOptions options)
    : source_(std::make_shared<OwnedRepository>(std::move(store), options.cache_bytes)),
      cache_bytes_(options.cache_bytes),
      branch_(std::move(options.branch)) {
  check_ref_name("branch", branch_);
  if (options.commit_hash) {
    move_to(require(*options.commit_hash));
  } else {
    move_to(repository().refs().head(branch_).value_or(root_commit_hash()));
  }
}

std::optional<Bytes> Versioned::get(std::string_view key) {
  std::optional<Value> value = get_value(key);
  if (!value) return std::nullopt;
  return std::move(value->bytes);
}

std::optional<Value> Versioned::get_value(std::string_view key) {
  std::optional<Value> value = read(root_, key);
  if (value) on_read(key);
  return value;
}

Versioned::Entries Versioned::get_many(std::span<const std::string_view> keys) {
  Entries found;
  for (const std::string_view key : keys) {
    if (std::optional<Bytes> value = get(key)) {
      found.insert_or_assign(std::string(key), *std::move(value));
    }
  }
  return found;
}

bool Versioned::contains(std::string_view key) {
  return Cursor(repository().nodes(), root_).find(key);
}

std::vector<std::string> Versioned::keys() {
  std::vector<std::string> all;
  visit_keys({}, [&](std::string_view key) {
    all.emplace_back(key);
    return true;
  });
  return all;
}

void Versioned::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  Cursor cursor(repository().nodes(), root_);
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    if (!visit(cursor.key())) return;
  }
}

MergeResult Versioned::commit(const Updates& updates, const Removals& removals,
                              const CommitOptions& options) {
  Changes changes;
  for (const auto& [key, value] : updates) changes.emplace_hint(changes.end(), key, value);
  for (const std::string& key : removals) {
    if (!changes.emplace(key, std::nullopt).second) {
      throw InvalidArgument("key " + printable(key) + " is in both updates and removals");
    }
  }
  return commit_changes(changes, options);
}

MergeResult Versioned::commit_changes(const Changes& changes, const CommitOptions& options) {
  if (fallback_of(options.on_conflict) != MergeRules::Fallback::conflict) {
    throw InvalidArgument("on_conflict of a commit is raise or abandon, nothing else");
  }
  check_values(changes);
  const Strategy attempted =
      options.on_conflict == OnConflict::abandon ? likely_strategy() : Strategy::fast_forward;
  const MergeFns call{options.merge_fns, options.default_merge};
  const CommitRequest request{
      .branch = branch_,
      .base = commit_,
      .metadata = metadata_of(options),
      .allow_empty = options.info.has_value() || options.message.has_value(),
      .rules = registry_.rules(call),
  };
  return write(options, attempted, changes, [&] {
    ChangeEdits edits(repository().chunks(), changes);
    return commit_to_branch(repository(), request, edits);
  });
}

MergeResult Versioned::merge(std::string_view source, const CommitOptions& options) {
  const MergeFns call{options.merge_fns, options.default_merge};
  MergeRequest request{
      .branch = branch_,
      .base = commit_,
      .source = resolve_revision(repository(), source, commit_),
      .metadata = metadata_of(options),
      .rules = registry_.rules(call),
  };
  request.rules.fallback = fallback_of(options.on_conflict);
  return write(options, Strategy::three_way, {},
               [&] { return merge_into_branch(repository(), request); });
}

// Runs a write, and makes of it the result that is asked for.
template <typename Write>
MergeResult Versioned::write(const CommitOptions& options, Strategy attempted,
                             const Changes& changes, const Write& write) {
  const auto abandon = [&] {
    if (options.on_conflict != OnConflict::abandon) throw;
    last_merge_result_ = MergeResult{.merged = false, .strategy = attempted};
    return *last_merge_result_;
  };
  WriteResult written;
  try {
    written = write();
  } catch (const NoCommonAncestor&) {
    attempted = Strategy::three_way;
    return abandon();
  } catch (const ConcurrencyError&) {
    return abandon();
  } catch (const MergeConflict&) {
    attempted = Strategy::three_way;
    return abandon();
  }
  move_to(written.commit, written.root);
  MergeResult result{
      .commit = written.commit.hex(),
      .strategy = written.strategy,
      .auto_merged_keys = written.auto_merged,
      .carried_keys = LazyKeys(source_, root_, std::move(written.auto_merged)),
  };
  last_merge_result_ = result;
  on_merged(result, changes);
  return result;
}

// What a commit will attempt, as far as that can be known before: another writer may still move the
// head.
Strategy Versioned::likely_strategy() const {
  const std::optional<Hash> head = repository().refs().head(branch_);
  return !head || *head == commit_ ? Strategy::fast_forward : Strategy::three_way;
}

bool Versioned::reset_to(std::string_view commit) {
  while (const std::optional<Hash> target = find(commit)) {
    const Hash root = repository().commit(*target).root;
    try {
      publish(repository(), {branch_, repository().refs().head(branch_), {*target}}, *target);
      move_to(*target, root);
      return true;
    } catch (const ConcurrencyError&) {
      // The head has moved; what it is now does not matter either.
    }
  }
  return false;
}

void Versioned::refresh() { move_to(head_of(branch_)); }

void Versioned::switch_branch(std::string_view name) {
  move_to(head_of(name));
  branch_ = name;
}

std::unique_ptr<Versioned> Versioned::checkout(std::string_view commit,
                                               const CheckoutOptions& options) const {
  if (!find(commit)) return nullptr;
  return open({.commit_hash = std::string(commit),
               .branch = options.branch.value_or(branch_),
               .cache_bytes = cache_bytes_});
}

std::unique_ptr<Versioned> Versioned::create_branch(std::string_view name) {
  check_ref_name("branch", name);
  try {
    publish(repository(), {name, std::nullopt, {commit_}}, commit_);
  } catch (const ConcurrencyError&) {
    if (!repository().refs().head(name)) throw;
    throw InvalidArgument("branch " + printable(name) + " exists");
  }
  return open(
      {.commit_hash = current_commit(), .branch = std::string(name), .cache_bytes = cache_bytes_});
}

void Versioned::delete_branch(std::string_view name) {
  if (name == branch_) {
    throw InvalidArgument("branch " + printable(name) + " is the current one");
  }
  if (!repository().refs().delete_branch(name, head_of(name))) {
    throw ConcurrencyError("branch " + printable(name) + " moved");
  }
}

std::vector<std::string> Versioned::list_branches() const {
  return names(repository().refs().branches());
}

std::vector<std::string> Versioned::branches(KVStore& store) {
  return names(Refs(store).branches());
}

std::optional<Bytes> Versioned::peek(std::string_view key, std::string_view branch) {
  std::optional<Value> value = read(repository().commit(head_of(branch)).root, key);
  if (!value) return std::nullopt;
  return std::move(value->bytes);
}

Stream<HistoryEntry> Versioned::history(const HistoryOptions& options) const {
  const LogOrder order = options.all_parents ? LogOrder::all_parents : LogOrder::first_parents;
  const Hash start = options.commit ? require(*options.commit) : commit_;
  auto walker = std::make_shared<LogWalker>(repository(), start, order);
  return Stream<HistoryEntry>([source = source_, walker]() -> std::optional<HistoryEntry> {
    std::optional<LogWalker::Item> item = walker->next();
    if (!item) return std::nullopt;
    return HistoryEntry{item->hash.hex(), to_hex(item->commit.parents),
                        std::move(item->commit.metadata)};
  });
}

std::vector<std::string> Versioned::parents(std::string_view commit) const {
  return to_hex(repository().commit(require(commit)).parents);
}

std::optional<Bytes> Versioned::commit_info(std::string_view commit) const {
  return commit_metadata(commit).info;
}

CommitMetadata Versioned::commit_metadata(std::string_view commit) const {
  return repository().commit(require(commit)).metadata;
}

DiffResult Versioned::diff(std::string_view from, std::string_view to) const {
  DiffCursor cursor(repository().nodes(), repository().commit(require(from)).root,
                    repository().commit(require(to)).root);
  DiffResult result;
  for (Difference difference; cursor.next(difference);) {
    std::set<std::string>& keys = difference.kind == DiffKind::added     ? result.added
                                  : difference.kind == DiffKind::removed ? result.removed
                                                                         : result.modified;
    keys.emplace_hint(keys.end(), difference.key);
  }
  return result;
}

Stream<DiffEntry> Versioned::diff_stream(std::string_view from, std::string_view to) const {
  auto cursor =
      std::make_shared<DiffCursor>(repository().nodes(), repository().commit(require(from)).root,
                                   repository().commit(require(to)).root);
  return Stream<DiffEntry>([source = source_, cursor]() -> std::optional<DiffEntry> {
    Difference difference;
    if (!cursor->next(difference)) return std::nullopt;
    const auto load = [&](const std::optional<StoredValue>& stored) {
      return stored ? std::optional(load_value(source->repository.chunks(), *stored))
                    : std::nullopt;
    };
    return DiffEntry{difference.kind, std::string(difference.key), load(difference.before),
                     load(difference.after)};
  });
}

std::optional<std::string> Versioned::latest_head() const {
  const std::optional<Hash> head = repository().refs().head(branch_);
  if (!head) return std::nullopt;
  return head->hex();
}

std::string Versioned::initial_commit() const {
  LogWalker walker(repository(), commit_, LogOrder::first_parents);
  Hash oldest = commit_;
  while (const std::optional<LogWalker::Item> item = walker.next()) oldest = item->hash;
  return oldest.hex();
}

void Versioned::move_to(const Hash& commit, const Hash& root) {
  commit_ = commit;
  root_ = root;
}

std::unique_ptr<Versioned> Versioned::open(VersionedOptions options) const {
  return std::make_unique<Versioned>(store(), std::move(options));
}

std::optional<Value> Versioned::read(const Hash& root, std::string_view key) const {
  Cursor cursor(repository().nodes(), root);
  if (!cursor.find(key)) return std::nullopt;
  return load_value(repository().chunks(), cursor.value());
}

std::optional<Hash> Versioned::find(std::string_view commit) const {
  const std::optional<Hash> hash = Hash::from_hex(commit);
  return hash && repository().has_commit(*hash) ? hash : std::nullopt;
}

Hash Versioned::require(std::string_view commit) const {
  if (const std::optional<Hash> hash = find(commit)) return *hash;
  throw InvalidArgument("no such commit: " + printable(commit));
}

Hash Versioned::head_of(std::string_view branch) const {
  if (const std::optional<Hash> head = repository().refs().head(branch)) return *head;
  throw InvalidArgument("no such branch: " + printable(branch));
}

}  // namespace vkv
