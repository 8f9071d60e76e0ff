// vkv_history(t, key): the versions of one key along first parents, newest first.
#include "core/graph/key_history.h"
#include "ext/commit_columns.h"
#include "ext/sql_value.h"
#include "ext/tvf.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"commit_hash TEXT", "time TEXT", "author TEXT",
                                    "message TEXT",     "kind TEXT", "value"};
constexpr const char* kParameters[] = {"table", "key"};

class HistorySource final : public RowSource {
 public:
  HistorySource(const std::shared_ptr<VersionedTable>& table, BytesView key)
      : table_(table), history_(table->repository(), table->state().base, key) {}

  bool next() override { return history_.next(); }

  void column(sqlite3_context* context, int column) override {
    const CommitMetadata& metadata = history_.commit().commit.metadata;
    switch (column) {
      case 0:
        return set_hash(context, history_.commit().hash);
      case 1:
        return set_time(context, metadata.time);
      case 2:
        return set_text(context, metadata.author);
      case 3:
        return set_text(context, metadata.message);
      case 4:
        return set_kind(context, history_.kind());
      default:
        if (!history_.value()) return;
        return set_result(context, table_->repository().chunks(), *history_.value());
    }
  }

 private:
  std::shared_ptr<VersionedTable> table_;
  KeyHistory history_;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  Bytes room;
  return std::make_unique<HistorySource>(call.view.table,
                                         call.view.full_key(call.arguments.key(1), room));
}

}  // namespace

const TableFunction kHistoryFunction = {
    .name = "vkv_history",
    .columns = kColumns,
    .parameters = kParameters,
    .required = 2,
    .rows = 10,
    .open = open,
};

}  // namespace vkv::ext
