// vkv_diff(t, a, b): the differences of two versions; vkv_status(t): of HEAD and WORKING.
#include "ext/commit_columns.h"
#include "ext/range_source.h"
#include "ext/tvf.h"
#include "ext/version_diff.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"key TEXT", "kind TEXT", "old_value", "new_value"};
constexpr const char* kDiffParameters[] = {"table", "a", "b"};
constexpr const char* kStatusParameters[] = {"table"};

class DiffSource final : public RangeSource {
 public:
  DiffSource(const TableView& view, const Version& a, const Version& b)
      : RangeSource(view), diff_(table(), a, b) {}

  void column(sqlite3_context* context, int column) override {
    switch (column) {
      case 0:
        return set_text(context, shown(diff_.key()));
      case 1:
        return set_kind(context, diff_.kind());
      case 2:
        return diff_.set_before(context);
      default:
        return diff_.set_after(context);
    }
  }

 private:
  void start_range(const KeyRange& range) override { diff_.start(range); }
  bool next_in_range() override { return diff_.next(); }

  VersionDiff diff_;
};

std::unique_ptr<RowSource> open_diff(const TableFunction::Call& call) {
  VersionedTable& table = *call.view.table;
  const Version before = version_argument(table, call.arguments, 1);
  const Version after = version_argument(table, call.arguments, 2);
  return std::make_unique<DiffSource>(call.view, before, after);
}

std::unique_ptr<RowSource> open_status(const TableFunction::Call& call) {
  VersionedTable& table = *call.view.table;
  const Version head{table.state().root, {}};
  return std::make_unique<DiffSource>(call.view, head, working_version(table));
}

}  // namespace

const TableFunction kDiffFunction = {
    .name = "vkv_diff",
    .columns = kColumns,
    .parameters = kDiffParameters,
    .required = 3,
    .keys = TableFunction::Keys::ascending,
    .rows = 1000,
    .open = open_diff,
};

const TableFunction kStatusFunction = {
    .name = "vkv_status",
    .columns = kColumns,
    .parameters = kStatusParameters,
    .keys = TableFunction::Keys::ascending,
    .rows = 1000,
    .open = open_status,
};

}  // namespace vkv::ext
