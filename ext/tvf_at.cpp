// vkv_at(t, ref): the rows of a version, planned by key like the table itself.
#include "ext/commit_columns.h"
#include "ext/table_cursor.h"
#include "ext/tvf.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"key TEXT", "value"};
constexpr const char* kParameters[] = {"table", "ref"};

class VersionSource final : public RowSource {
 public:
  VersionSource(const TableView& view, const Version& version)
      : table_(view.table), version_(version), cursor_(*view.table, view.prefix) {}

  void start(const KeyPlan& plan) override {
    cursor_.filter(version_, plan.operators, plan.descending, plan.values);
  }

  bool next() override {
    if (is_started_) cursor_.next();
    is_started_ = true;
    return !cursor_.at_end();
  }

  void column(sqlite3_context* context, int column) override {
    if (column == 0) {
      set_text(context, cursor_.key());
    } else {
      cursor_.set_value(context);
    }
  }

 private:
  std::shared_ptr<VersionedTable> table_;
  Version version_;
  TableCursor cursor_;
  bool is_started_ = false;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  return std::make_unique<VersionSource>(call.view,
                                         version_argument(*call.view.table, call.arguments, 1));
}

}  // namespace

const TableFunction kAtFunction = {
    .name = "vkv_at",
    .columns = kColumns,
    .parameters = kParameters,
    .required = 2,
    .keys = TableFunction::Keys::both_ways,
    .rows = 100'000,
    .open = open,
};

}  // namespace vkv::ext
