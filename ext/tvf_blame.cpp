// vkv_blame(t): for each row the commit that made it what it is; NULL while it is uncommitted.
#include "core/graph/blame.h"
#include "ext/commit_columns.h"
#include "ext/range_source.h"
#include "ext/staged_walk.h"
#include "ext/tvf.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"key TEXT", "commit_hash TEXT", "author TEXT", "time TEXT",
                                    "message TEXT"};
constexpr const char* kParameters[] = {"table"};

class BlameSource final : public RangeSource {
 public:
  explicit BlameSource(const TableView& view)
      : RangeSource(view),
        base_(table().state().base),
        workspace_(working_version(table()).staged),
        blame_(table().repository(), base_) {}

  void column(sqlite3_context* context, int column) override {
    if (column == 0) return set_text(context, shown(is_staged_ ? staged_.key() : blame_.key()));
    if (is_staged_) return;
    if (column == 1) return set_hash(context, blame_.commit());
    const CommitMetadata& metadata = this->metadata();
    switch (column) {
      case 2:
        return set_text(context, metadata.author);
      case 3:
        return set_time(context, metadata.time);
      default:
        return set_text(context, metadata.message);
    }
  }

 private:
  void start_range(const KeyRange& range) override {
    range_ = &range;
    is_at_row_ = false;
    const auto& low = range.lower();
    if (low && range.upper() && low->key == range.upper()->key) {
      blame_.find(low->key);
    } else {
      blame_.seek(low ? BytesView(low->key) : BytesView());
    }
    staged_.start(table().staged(), workspace_, range, false);
  }

  bool next_in_range() override {
    if (is_at_row_) is_staged_ ? staged_.next() : blame_.next();
    is_at_row_ = false;
    while (!is_at_row_ && to_first()) {
      if (!is_staged_ || staged_.value()) {
        is_at_row_ = true;
      } else {
        staged_.next();
      }
    }
    return is_at_row_;
  }

  // To whichever comes first, a committed row or a staged one, which hides the committed one.
  bool to_first() {
    while (blame_.valid() && !range_->reaches_down_to(blame_.key())) blame_.next();
    const bool is_committed = blame_.valid() && range_->reaches_up_to(blame_.key());
    const int order = !is_committed      ? 1
                      : !staged_.valid() ? -1
                                         : blame_.key().compare(staged_.key());
    is_staged_ = staged_.valid() && order >= 0;
    if (is_staged_ && order == 0) blame_.next();
    return is_committed || is_staged_;
  }

  const CommitMetadata& metadata() {
    if (!described_ || *described_ != blame_.commit()) {
      metadata_ = table().repository().commit(blame_.commit()).metadata;
      described_ = blame_.commit();
    }
    return metadata_;
  }

  Hash base_;
  std::optional<std::int64_t> workspace_;
  Blame blame_;
  const KeyRange* range_ = nullptr;
  StagedWalk staged_;
  bool is_at_row_ = false;
  bool is_staged_ = false;
  // The commit that metadata_ is of.
  std::optional<Hash> described_;
  CommitMetadata metadata_;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  return std::make_unique<BlameSource>(call.view);
}

}  // namespace

const TableFunction kBlameFunction = {
    .name = "vkv_blame",
    .columns = kColumns,
    .parameters = kParameters,
    .keys = TableFunction::Keys::ascending,
    .rows = 100'000,
    .open = open,
};

}  // namespace vkv::ext
