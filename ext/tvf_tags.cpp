// vkv_tags(t)
#include <map>

#include "ext/commit_columns.h"
#include "ext/tvf.h"

namespace vkv::ext {
namespace {

constexpr const char* kColumns[] = {"name TEXT", "commit_hash TEXT", "message TEXT", "time TEXT"};
constexpr const char* kParameters[] = {"table"};

class TagSource final : public RowSource {
 public:
  explicit TagSource(std::map<std::string, Tag> tags)
      : tags_(std::move(tags)), next_(tags_.begin()) {}

  bool next() override {
    if (next_ == tags_.end()) return false;
    current_ = next_++;
    return true;
  }

  void column(sqlite3_context* context, int column) override {
    const auto& [name, tag] = *current_;
    switch (column) {
      case 0:
        return set_text(context, BytesView(name));
      case 1:
        return set_hash(context, tag.commit);
      case 2:
        return set_text(context, tag.message);
      default:
        return set_time(context, tag.time);
    }
  }

 private:
  const std::map<std::string, Tag> tags_;
  std::map<std::string, Tag>::const_iterator next_;
  std::map<std::string, Tag>::const_iterator current_;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  return std::make_unique<TagSource>(call.view.table->repository().refs().tags());
}

}  // namespace

const TableFunction kTagsFunction = {
    .name = "vkv_tags",
    .columns = kColumns,
    .parameters = kParameters,
    .rows = 10,
    .open = open,
};

}  // namespace vkv::ext
