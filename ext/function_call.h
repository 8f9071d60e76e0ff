// FunctionCall: one call of an SQL function, as its implementation sees it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/tree/value.h"
#include "ext/arguments.h"
#include "ext/command.h"
#include "ext/connection.h"
#include "ext/named_table.h"

namespace vkv::ext {

struct Function;

// An implementation reads all arguments and options first; then it reads the table, or writes to
// it; then it answers, or leaves the result NULL.
class FunctionCall {
 public:
  // The first argument must name the table: throws as Arguments::text() otherwise.
  FunctionCall(sqlite3_context* context, Connection& connection, const Function& function,
               Arguments arguments)
      : context_(context),
        connection_(connection),
        function_(function),
        arguments_(arguments),
        table_name_(arguments.text(0)) {}

  Connection& connection() { return connection_; }
  const Arguments& arguments() const { return arguments_; }

  // The table, for reading: as of one moment until the call ends, or write() is called.
  VersionedTable& table();
  // The same, to find out what a write would do: throws as write() would when it is a read-only
  // view.
  VersionedTable& table_to_write();
  // Once there is a table: the prefix of the keys that are shown under the name given, and one of
  // them as the table has it.
  const Bytes& prefix() const { return view_.prefix; }
  Bytes full_key(BytesView key) const { return prefix() + Bytes(key); }

  // Runs `body` on the table as one statement, all or nothing (ext/command.h).
  void write(const std::function<void(VersionedTable&)>& body, IsOneStep* is_one_step = nullptr);

  // Throws while a statement of this connection is writing: one that began in one workspace must
  // not end in another.
  void refuse_while_writing() const;
  // Throws as refuse_while_writing(), and of a view that is pinned to its place.
  void refuse_unless_movable();

  // Moves the session to `to`, and back should it prove not to be readable there. Returns the
  // workspace's base.
  Hash move_session(Session to);

  void answer(const Hash& commit) { answer(std::string_view(commit.hex())); }
  void answer(std::string_view text);
  void answer(std::int64_t integer);
  void answer(ValueView value);

 private:
  // Throws when the function is not for this table.
  void admit(VersionedTable& table) const;

  sqlite3_context* context_;
  Connection& connection_;
  const Function& function_;
  Arguments arguments_;
  std::string table_name_;
  std::shared_ptr<NamedTable> named_;
  ViewReader reader_;
  TableView view_;
};

// What SQL calls; one row of a theme's table.
struct Function {
  static constexpr std::size_t kMaxParameters = 5;

  enum class Effect {
    reads,   // allowed in views and triggers, whoever wrote them
    writes,  // or moves the session: not allowed there
  };

  const char* name;
  Effect effect;
  std::size_t required;                                // how many of the parameters must be given
  std::array<const char*, kMaxParameters> parameters;  // null pointers after the last
  void (*run)(FunctionCall& call);
  bool works_on_live_tables = false;

  std::span<const char* const> names() const;
};

// For the tables of functions.
inline constexpr bool kWorksOnLive = true;

// The themes.
std::span<const Function> branch_functions();
std::span<const Function> commit_functions();
std::span<const Function> gc_functions();
std::span<const Function> inspect_functions();
std::span<const Function> merge_functions();
std::span<const Function> row_functions();
std::span<const Function> session_functions();
std::span<const Function> tag_functions();
std::span<const Function> workspace_functions();

}  // namespace vkv::ext
