// vkv_workspaces(t): the workspaces that have something to remember.
#include <limits>

#include "ext/commit_columns.h"
#include "ext/tvf.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"name TEXT", "branch TEXT", "base_commit TEXT",
                                    "staged INTEGER", "current INTEGER"};
constexpr const char* kParameters[] = {"table"};

class WorkspaceSource final : public RowSource {
 public:
  explicit WorkspaceSource(const std::shared_ptr<VersionedTable>& table) : table_(table) {}

  // A shared workspace without changes has nothing to remember.
  bool next() override {
    do {
      row_ = table_->workspaces().find_after(row_ ? row_->id
                                                  : std::numeric_limits<std::int64_t>::min());
      if (row_) staged_ = table_->staged().count(row_->id);
    } while (row_ && !row_->name && staged_ == 0);
    return row_.has_value();
  }

  void column(sqlite3_context* context, int column) override {
    switch (column) {
      case 0:
        return set_text(context, row_->name);
      case 1:
        return set_text(context, BytesView(row_->branch));
      case 2:
        return set_hash(context, row_->base);
      case 3:
        return sqlite3_result_int64(context, staged_);
      default:
        return sqlite3_result_int(context, is_current() ? 1 : 0);
    }
  }

 private:
  bool is_current() {
    const Session& session = table_->session();
    if (session.place != Session::Place::shared) return row_->name == session.workspace;
    return !row_->name && row_->branch == session.branch;
  }

  std::shared_ptr<VersionedTable> table_;
  std::optional<WorkspaceRow> row_;
  std::int64_t staged_ = 0;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  return std::make_unique<WorkspaceSource>(call.view.table);
}

}  // namespace

const TableFunction kWorkspacesFunction = {
    .name = "vkv_workspaces",
    .columns = kColumns,
    .unique_first_column = false,
    .parameters = kParameters,
    .rows = 10,
    .open = open,
};

}  // namespace vkv::ext
