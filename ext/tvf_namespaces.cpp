// vkv_namespaces(t [, prefix]): the next path segments below a prefix, and how many keys each
// holds.
#include "ext/commit_columns.h"
#include "ext/staged_walk.h"
#include "ext/tvf.h"
#include "ext/version.h"

namespace vkv::ext {
namespace {

constexpr char kSeparator = '/';
constexpr const char* kColumns[] = {"name TEXT", "keys INTEGER"};
constexpr const char* kParameters[] = {"table", "prefix"};

// Passes over a segment with one seek: the tree knows how many rows lie between two positions, and
// only rows staged there are looked at. Keys directly below the prefix are walked over.
class NamespaceSource final : public RowSource {
 public:
  NamespaceSource(const std::shared_ptr<VersionedTable>& table, Bytes prefix)
      : NamespaceSource(table, std::move(prefix), working_version(*table)) {}

  bool next() override {
    while (to_first_key()) {
      const std::size_t end = key_.find(kSeparator, prefix_.size());
      if (end == Bytes::npos) {
        pass_key();
        continue;
      }
      name_ = key_.substr(prefix_.size(), end - prefix_.size());
      keys_ = pass_segment(key_.substr(0, end));
      if (keys_ > 0) return true;
    }
    return false;
  }

  void column(sqlite3_context* context, int column) override {
    if (column == 0) {
      set_text(context, BytesView(name_));
    } else {
      sqlite3_result_int64(context, keys_);
    }
  }

 private:
  NamespaceSource(const std::shared_ptr<VersionedTable>& table, Bytes prefix,
                  const Version& version)
      : table_(table),
        prefix_(std::move(prefix)),
        base_(table->repository().nodes(), version.root),
        lookup_(table->repository().nodes(), version.root) {
    base_.seek(prefix_);
    from_prefix_.narrow(KeyOperator::at_or_above, prefix_);
    staged_.start(table->staged(), version.staged, from_prefix_, false);
  }

  // Finds the first key not passed yet; false when it is not below the prefix.
  bool to_first_key() {
    if (!base_.valid() && !staged_.valid()) return false;
    if (!base_.valid()) {
      key_ = staged_.key();
    } else {
      key_ = !staged_.valid() ? base_.key() : std::min(base_.key(), staged_.key());
    }
    return key_.starts_with(prefix_);
  }

  void pass_key() {
    if (base_.valid() && base_.key() == key_) base_.next();
    if (staged_.valid() && staged_.key() == key_) staged_.next();
  }

  // Passes all keys that start with `segment` and a separator; returns how many rows they are.
  std::int64_t pass_segment(const Bytes& segment) {
    const Bytes end = segment + static_cast<char>(kSeparator + 1);
    const std::uint64_t passed = base_.rows_before();
    base_.seek(end);
    auto rows = static_cast<std::int64_t>(base_.rows_before() - passed);
    for (; staged_.valid() && staged_.key() < end; staged_.next()) {
      rows += (staged_.value() ? 1 : 0) - (lookup_.find(staged_.key()) ? 1 : 0);
    }
    return rows;
  }

  std::shared_ptr<VersionedTable> table_;
  Bytes prefix_;
  Cursor base_;
  Cursor lookup_;
  KeyRange from_prefix_;
  StagedWalk staged_;
  Bytes key_;
  Bytes name_;
  std::int64_t keys_ = 0;
};

std::unique_ptr<RowSource> open(const TableFunction::Call& call) {
  Bytes prefix = call.arguments.given(1) ? Bytes(call.arguments.key(1)) : Bytes();
  if (!prefix.empty() && prefix.back() != kSeparator) prefix += kSeparator;
  return std::make_unique<NamespaceSource>(call.view.table, call.view.prefix + prefix);
}

}  // namespace

const TableFunction kNamespacesFunction = {
    .name = "vkv_namespaces",
    .columns = kColumns,
    .parameters = kParameters,
    .rows = 100,
    .open = open,
};

}  // namespace vkv::ext
