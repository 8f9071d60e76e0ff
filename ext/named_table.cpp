#include "ext/named_table.h"

#include "core/base/error.h"
#include "core/base/printable.h"
#include "ext/table_name.h"

namespace vkv::ext {
namespace {

// Holds a flag up.
class Raised {
 public:
  explicit Raised(bool& flag) : flag_(flag) { flag_ = true; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;
  ~Raised() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

BytesView TableView::full_key(BytesView key, Bytes& room) const {
  if (prefix.empty()) return key;
  room.assign(prefix).append(key);
  return room;
}

NamedTable::NamedTable(std::shared_ptr<Connection> connection, std::string schema, std::string name,
                       std::span<const char* const> arguments)
    : connection_(std::move(connection)), schema_(std::move(schema)), name_(std::move(name)) {
  if (is_view_of_a_store(arguments)) {
    argument_texts_.assign(arguments.begin(), arguments.end());
  } else {
    own_ = std::make_shared<VersionedTable>(connection_, schema_, name_);
    view_.table = own_;
  }
}

const TableView& NamedTable::view() {
  if (!is_view()) return view_;
  try {
    view_ = find_view();
  } catch (const InvalidArgument& error) {
    refuse(error.what());
  }
  return view_;
}

const TableArguments& NamedTable::arguments() {
  if (!arguments_) {
    std::vector<const char*> texts;
    for (const std::string& text : argument_texts_) texts.push_back(text.c_str());
    arguments_ = parse_table_arguments(texts);
  }
  return *arguments_;
}

TableView NamedTable::find_view() {
  if (is_searching_) throw InvalidArgument("its store is the view itself");
  const Raised searching(is_searching_);
  TableView view = find_store()->view();
  pin(view);
  if (const auto& name_space = arguments().name_space) view.prefix += *name_space + "/";
  if (!view.is_read_only && !same_name(view.table->schema(), schema_)) {
    throw InvalidArgument("its store is in schema " + printable(view.table->schema()) +
                          ", and SQLite undoes a failed statement only in the view's own, " +
                          printable(schema_) + "; only a view with ref= may be elsewhere");
  }
  return view;
}

std::shared_ptr<NamedTable> NamedTable::find_store() {
  const std::string& store = *arguments().store;
  if (auto found = connection_->named_table_seen_from(schema_, store)) return found;
  throw InvalidArgument("there is no table " + printable(store) +
                        (same_name(schema_, "temp") ? "" : " in schema " + printable(schema_)));
}

void NamedTable::pin(TableView& view) {
  const auto& branch = arguments().branch;
  const auto& ref = arguments().ref;
  if (!branch && !ref) return;
  VersionedTable& table = *view.table;
  table.require_versions();
  if (branch && table.is_pinned()) {
    throw InvalidArgument("its store " + printable(*arguments().store) +
                          " is a view of one branch or version itself");
  }
  // Owned by the table they are of.
  view.table = {view.table,
                branch ? &table.on_branch(*branch, name_) : &table.at_version(*ref, name_)};
  view.is_read_only = view.is_read_only || ref.has_value();
}

void NamedTable::require_writable() const {
  if (!view_.is_read_only) return;
  throw StorageError(SQLITE_READONLY,
                     "view " + printable(name_) + " shows a version: it is read-only");
}

void NamedTable::check_new_view() {
  const auto& branch = arguments().branch;
  if (same_name(*arguments().store, name_)) refuse("its store is the view itself");
  if (branch && !view().table->head(*branch)) refuse("there is no branch " + printable(*branch));
  view();
}

void NamedTable::refuse(const std::string& reason) const {
  throw InvalidArgument("view " + printable(name_) + ": " + reason);
}

void NamedTable::renamed(std::string_view name) {
  name_ = name;
  if (own_) own_->renamed(name);
}

void NamedTable::close() {
  if (own_) own_->finalize_statements();
  view_ = {};
}

const TableView& ViewReader::read(NamedTable& named, Moment moment) {
  reader_.reset();
  const TableView* view = &named.view();
  // What it took to find the view was read before the moment began.
  if (begin(named, view->table->schema(), moment) && named.is_view()) view = &named.view();
  reader_.emplace(view->table);
  return *view;
}

std::shared_ptr<NamedTable> ViewReader::read(Connection& connection, std::string_view name,
                                             Moment moment) {
  reader_.reset();
  const auto known = connection.named_table(name);
  begin(*known, known->view().table->schema(), moment);
  auto named = connection.named_table(name);
  reader_.emplace(named->view().table);
  return named;
}

bool ViewReader::begin(const NamedTable& named, const std::string& schema, Moment moment) {
  if (snapshot_ && snapshot_->schema() == schema) return false;
  snapshot_.reset();
  sqlite3* const db = named.connection().db();
  const bool has_begun = sqlite3_txn_state(db, schema.c_str()) != SQLITE_TXN_NONE;
  if (moment == Moment::of_any_statement && has_begun) return false;
  if (moment == Moment::of_its_statement && same_name(named.schema(), schema)) return false;
  snapshot_.emplace(db, schema);
  return true;
}

void ViewReader::release() {
  reader_.reset();
  snapshot_.reset();
}

}  // namespace vkv::ext
