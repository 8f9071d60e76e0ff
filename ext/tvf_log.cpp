// vkv_log(t [, ref [, options]]): the commits that led to a version, newest first.
#include "core/graph/log.h"
#include "ext/commit_columns.h"
#include "ext/tvf.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"commit_hash TEXT", "parents TEXT", "author TEXT",
                                    "time TEXT",        "message TEXT", "info TEXT"};
constexpr const char* kParameters[] = {"table", "ref", "options"};

class LogSource final : public RowSource {
 public:
  LogSource(const std::shared_ptr<VersionedTable>& table, const Hash& start, LogOrder order)
      : table_(table), walker_(table->repository(), start, order) {}

  bool next() override {
    item_ = walker_.next();
    return item_.has_value();
  }

  void column(sqlite3_context* context, int column) override {
    const CommitMetadata& metadata = item_->commit.metadata;
    switch (column) {
      case 0:
        return set_hash(context, item_->hash);
      case 1:
        return set_hashes(context, item_->commit.parents);
      case 2:
        return set_text(context, metadata.author);
      case 3:
        return set_time(context, metadata.time);
      case 4:
        return set_text(context, metadata.message);
      default:
        return set_text(context, metadata.info);
    }
  }

 private:
  std::shared_ptr<VersionedTable> table_;
  LogWalker walker_;
  std::optional<LogWalker::Item> item_;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  Options options = call.arguments.options(2);
  const auto order = options.flag("all_parents") ? LogOrder::all_parents : LogOrder::first_parents;
  options.finish();
  VersionedTable& table = *call.view.table;
  const Hash start =
      call.arguments.given(1) ? commit_argument(table, call.arguments, 1) : table.resolve("HEAD");
  return std::make_unique<LogSource>(call.view.table, start, order);
}

}  // namespace

const TableFunction kLogFunction = {
    .name = "vkv_log",
    .columns = kColumns,
    .parameters = kParameters,
    .rows = 1000,
    .open = open,
};

}  // namespace vkv::ext
