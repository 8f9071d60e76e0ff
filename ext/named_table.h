// NamedTable: what CREATE VIRTUAL TABLE … USING vkv made under a name: a table, or a view of one.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "ext/snapshot.h"
#include "ext/table_arguments.h"
#include "ext/versioned_table.h"

namespace vkv::ext {

// A table's rows as a name shows them.
struct TableView {
  // In the place where the view reads and writes: the connection's, or one it is pinned to.
  std::shared_ptr<VersionedTable> table;
  Bytes prefix;  // what all its keys start with, and does not show
  bool is_read_only = false;

  // `key` as the table has it; in `room` unless it is the same.
  BytesView full_key(BytesView key, Bytes& room) const;
};

// A view has no shadow tables: it is its arguments, and finds its store by name at each use.
class NamedTable {
 public:
  // `arguments` as CREATE VIRTUAL TABLE was given them. Reads nothing, and so never fails on what
  // it will read.
  NamedTable(std::shared_ptr<Connection> connection, std::string schema, std::string name,
             std::span<const char* const> arguments);

  Connection& connection() const { return *connection_; }
  const std::string& schema() const { return schema_; }
  const std::string& name() const { return name_; }
  bool is_view() const { return own_ == nullptr; }
  // Null for a view.
  VersionedTable* own_table() const { return own_.get(); }

  // What it shows, found now. Throws InvalidArgument, naming the view, when its store is not there
  // or not as the view needs it, Unsupported for a branch or version of a live table. The reference
  // lives until the next call.
  const TableView& view();
  // What view() found last, without a table when it was never asked: for callbacks that may not
  // read.
  const TableView& latest() const { return view_; }
  // Throws StorageError, naming the view, when what view() found last is read-only.
  void require_writable() const;
  // Throws as view(), and also when the branch it is to show does not exist.
  void check_new_view();

  // Whether SQLite tells it of the savepoints of the transaction that is open. It does from xBegin
  // on, but of a table that was created in the transaction only from the next savepoint on.
  bool hears_savepoints() const { return hears_savepoints_; }
  void set_hears_savepoints(bool hears) { hears_savepoints_ = hears; }

  void renamed(std::string_view name);
  // It is about to go.
  void close();

 private:
  const TableArguments& arguments();
  TableView find_view();
  std::shared_ptr<NamedTable> find_store();
  void pin(TableView& view);
  [[noreturn]] void refuse(const std::string& reason) const;

  std::shared_ptr<Connection> connection_;
  std::string schema_;
  std::string name_;
  std::shared_ptr<VersionedTable> own_;
  TableView view_;
  bool hears_savepoints_ = false;

  // Of a view: the arguments, as text until they are needed.
  std::vector<std::string> argument_texts_;
  std::optional<TableArguments> arguments_;
  bool is_searching_ = false;
};

// Reading what a name shows, over several reads and calls: of one moment, and safe from a rename.
class ViewReader {
 public:
  // Whose moment it is, if somebody has one already: of any statement that is running; of the one
  // that reads the name itself, and with it the name's schema; of nobody else.
  enum class Moment { of_any_statement, of_its_statement, own };

  // What `named` shows. Unless the moment is somebody else's, it is now the first time, and when
  // the table is in another schema than before. The reference lives until the next call of
  // named.view().
  const TableView& read(NamedTable& named, Moment moment);
  // The same of what has this name in the moment.
  std::shared_ptr<NamedTable> read(Connection& connection, std::string_view name, Moment moment);
  // The schema may be written to, and the table renamed.
  void release();

 private:
  // Returns whether the moment is now.
  bool begin(const NamedTable& named, const std::string& schema, Moment moment);

  std::optional<Snapshot> snapshot_;
  std::optional<VersionedTable::Reader> reader_;
};

}  // namespace vkv::ext
