// vkv_branches(t): the branches, and what waits in the shared workspace of each.
#include <map>

#include "ext/commit_columns.h"
#include "ext/tvf.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"name TEXT",      "commit_hash TEXT", "current INTEGER",
                                    "staged INTEGER", "author TEXT",      "time TEXT",
                                    "message TEXT"};
constexpr const char* kParameters[] = {"table"};

class BranchSource final : public RowSource {
 public:
  explicit BranchSource(const std::shared_ptr<VersionedTable>& table)
      : table_(table), branches_(table->repository().refs().branches()) {
    // Not in the refs until its first commit.
    const std::string branch = table_->default_branch();
    if (const auto head = table_->head(branch)) branches_.emplace(branch, *head);
    next_ = branches_.begin();
    current_ = current_branch();
  }

  bool next() override {
    if (next_ == branches_.end()) return false;
    std::tie(name_, head_) = *next_++;
    metadata_ = table_->repository().commit(head_).metadata;
    return true;
  }

  void column(sqlite3_context* context, int column) override {
    switch (column) {
      case 0:
        return set_text(context, BytesView(name_));
      case 1:
        return set_hash(context, head_);
      case 2:
        return sqlite3_result_int(context, name_ == current_ ? 1 : 0);
      case 3:
        return sqlite3_result_int64(context, staged_rows());
      case 4:
        return set_text(context, metadata_.author);
      case 5:
        return set_time(context, metadata_.time);
      default:
        return set_text(context, metadata_.message);
    }
  }

 private:
  // Also tells where the connection is when it can read nothing there: the list leads out.
  std::optional<std::string> current_branch() {
    const Session& session = table_->session();
    if (session.place == Session::Place::shared) return session.branch;
    const auto workspace = table_->workspaces().find_named(session.workspace);
    if (workspace) return workspace->branch;
    if (session.place == Session::Place::detached) return session.branch;
    return {};
  }

  std::int64_t staged_rows() {
    const auto workspace = table_->workspaces().find_shared(name_);
    return workspace ? table_->staged().count(workspace->id) : 0;
  }

  std::shared_ptr<VersionedTable> table_;
  std::map<std::string, Hash> branches_;
  std::map<std::string, Hash>::const_iterator next_;
  std::optional<std::string> current_;
  std::string name_;
  Hash head_;
  CommitMetadata metadata_;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  return std::make_unique<BranchSource>(call.view.table);
}

}  // namespace

const TableFunction kBranchesFunction = {
    .name = "vkv_branches",
    .columns = kColumns,
    .parameters = kParameters,
    .rows = 10,
    .open = open,
};

}  // namespace vkv::ext
