#include "tests/model/driver.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace vkv::model {
namespace {

using test::Answer;
using test::Database;

// A finding; ends the run.
struct Divergence {
  std::string text;
};

std::string to_string(const std::vector<SqlRow>& rows) {
  std::ostringstream text;
  for (const SqlRow& row : rows) {
    text << "    (";
    for (std::size_t i = 0; i < row.size(); ++i) text << (i == 0 ? "" : ", ") << row[i];
    text << ")\n";
  }
  return rows.empty() ? "    no row\n" : text.str();
}

void compare_rows(const std::string& what, const std::vector<SqlRow>& expected,
                  const std::vector<SqlRow>& found) {
  if (expected == found) return;
  throw Divergence{what + ": expected\n" + to_string(expected) + "  found\n" + to_string(found)};
}

void compare_codes(const Expected& expected, const Answer& answer) {
  if (expected.codes.contains(answer.code)) return;
  std::string codes;
  for (const int code : expected.codes)
    codes += (codes.empty() ? "" : " or ") + std::to_string(code);
  throw Divergence{"code: expected " + codes + ", found " + std::to_string(answer.code) + " " +
                   answer.message};
}

void compare_message(const Expected& expected, const Answer& answer) {
  if (answer.code != SQLITE_CONSTRAINT) return;
  std::size_t at = 0;
  for (const std::string& mention : expected.mentions) {
    const auto found = answer.message.find(mention, at);
    if (found == std::string::npos) {
      throw Divergence{"message: expected " + mention + " in its turn in: " + answer.message};
    }
    at = found + 1;
  }
}

class Driver {
 public:
  Driver(const Script& script, const std::filesystem::path& directory, Defect defect)
      : options_(script.options()), defect_(defect) {
    const std::string path =
        options_.two_connections ? (directory / "model.db").string() : ":memory:";
    for (std::size_t i = 0; i < (options_.two_connections ? 2u : 1u); ++i) {
      databases_[i] = std::make_unique<Database>(path);
      databases_[i]->must("PRAGMA synchronous = OFF");
    }
    if (options_.two_connections) databases_[0]->must("PRAGMA journal_mode = WAL");
    set_up();
  }

  void act(const Record& record, Result& result) {
    Action action = decode(record, options_, model_->hashes());
    if (action.kind == Kind::end) return;
    const Group group = group_of(action.kind);
    const bool writes =
        group == Group::changes_rows || group == Group::writes || action.kind == Kind::workspace;
    if (writes && model_->is_stale(action.connection)) action.kind = Kind::rollback;
    // SQLite takes the lock before it finds out that a transaction is open.
    const bool nested = action.kind == Kind::begin_immediate;
    if (nested && model_->in_transaction(action.connection)) action.kind = Kind::begin;
    result.statements.push_back(model::to_string(action));
    ++result.operations;

    const int changes_before = sqlite3_changes(database(action).handle());
    const Answer answer = execute(action);
    const bool locked = sqlite3_txn_state(database(action).handle(), "main") == SQLITE_TXN_WRITE;
    const Expected expected =
        model_->run(action, Real{&answer, parents_of_answer(action, answer), locked});
    if (!expected.broken.empty()) throw Divergence{expected.broken + ": " + answer.text()};
    compare_codes(expected, answer);
    compare_message(expected, answer);
    if (answer.ok() && expected.rows_matter) compare_rows("rows", expected.rows, answer.rows);
    if (answer.ok() && expected.changes) compare_changes(action, *expected.changes);
    // Reading leaves changes() alone.
    if (!writes && answer.ok()) compare_changes(action, changes_before);
    if (starts_transaction(action)) take_snapshot(action);
    // What only reads, or only writes rows, seldom has anything more to show.
    const bool is_simple =
        group == Group::changes_rows || group == Group::reads_rows || group == Group::queries;
    if (!is_simple || !answer.ok() || record[4] % 8 == 0) {
      compare_all(action, View::table);
      if (action.view != View::table) compare_all(action, action.view);
    }
  }

 private:
  Database& database(const Action& action) {
    return *databases_.at(static_cast<std::size_t>(action.connection));
  }

  void set_up() {
    Database& db = *databases_[0];
    db.must("CREATE VIRTUAL TABLE kv USING vkv");
    const std::string root = db.run("SELECT vkv_current_commit('kv')").text();
    db.must("INSERT INTO kv VALUES('first', 1)");
    const std::string first = db.run("SELECT vkv_commit('kv', 'begin', '{\"time\":null}')").text();
    Commit commit{
        std::make_shared<Rows>(Rows{{"first", std::int64_t{1}}}), {root}, {}, {}, "begin"};
    for (const View view : {View::name_space, View::branch}) {
      db.must("CREATE VIRTUAL TABLE " + name_of(view) + " USING vkv" + arguments_of(view));
    }
    model_ = std::make_unique<Model>(root, first, commit);
    // A connection starts on the branch that is the default at its first look.
    if (options_.two_connections) databases_[1]->must("SELECT count(*) FROM kv");
  }

  Answer execute(const Action& action) {
    const Statement statement = to_sql(action);
    Answer answer = database(action).run(statement.sql, statement.parameters);
    if (!answer.ok()) return answer;
    plant(action);
    return answer;
  }

  void plant(const Action& action) {
    const char* sql = "";
    if (defect_ == Defect::rollback_to_forgets_a_row && action.kind == Kind::rollback_to) {
      sql = "INSERT OR IGNORE INTO kv VALUES('forgotten', 1)";
    } else if (defect_ == Defect::reset_leaves_a_row && action.kind == Kind::reset) {
      sql = "INSERT OR REPLACE INTO kv VALUES('first', 'left over')";
    } else if (defect_ == Defect::merge_loses_a_row && action.kind == Kind::merge) {
      sql = "DELETE FROM kv WHERE key = (SELECT max(key) FROM kv)";
    } else if (defect_ == Defect::workspace_loses_a_row && action.kind == Kind::workspace) {
      sql = "DELETE FROM kv WHERE key = 'first'";
    } else if (defect_ == Defect::namespace_reaches_beyond && action.view == View::name_space &&
               action.kind == Kind::remove) {
      sql = "DELETE FROM kv WHERE key = 'first'";
    } else if (defect_ == Defect::branch_view_loses_a_row && action.view == View::branch &&
               action.kind == Kind::commit) {
      sql = "DELETE FROM b WHERE key = 'first'";
    }
    if (*sql != 0) database(action).run(sql);
  }

  // The parents of the commit that a committing function answered with.
  std::vector<std::string> parents_of_answer(const Action& action, const Answer& answer) {
    const bool names_commit = action.kind == Kind::commit || action.kind == Kind::merge;
    if (!names_commit || !answer.ok() || answer.text().size() != 64) return {};
    const Answer log =
        database(action).run("SELECT parents FROM vkv_log('kv', ?1) LIMIT 1", {answer.value()});
    const auto json = nlohmann::json::parse(log.text(), nullptr, false);
    if (!json.is_array()) throw Divergence{"parents of " + answer.text() + ": " + log.text()};
    return json.get<std::vector<std::string>>();
  }

  void compare_changes(const Action& action, int expected) {
    const int found = sqlite3_changes(database(action).handle());
    if (found == expected) return;
    throw Divergence{"changes(): expected " + std::to_string(expected) + ", found " +
                     std::to_string(found)};
  }

  bool starts_transaction(const Action& action) {
    return action.kind == Kind::begin || action.kind == Kind::savepoint;
  }

  // The model's transaction sees the state at its start; SQLite's from its first read on.
  void take_snapshot(const Action& action) {
    if (options_.two_connections && model_->in_transaction(action.connection)) {
      database(action).must("SELECT count(*) FROM kv_config");
    }
  }

  void compare_all(const Action& action, View view) {
    const Answer found = database(action).run("SELECT key, value FROM " + name_of(view));
    const RowsPtr rows = model_->rows(action.connection, view);
    if (!rows) {
      compare_codes(Expected::error(SQLITE_ERROR), found);
      const char* const wanted = view == View::branch ? "view 'b': branch 'main' no longer exists"
                                                      : "no longer exists; vkv_checkout leads";
      if (found.message.find(wanted) == std::string::npos) {
        throw Divergence{"message of a place that is gone: " + found.message};
      }
      return;
    }
    compare_codes({}, found);
    const auto is_same = [](const Rows::value_type& row, const SqlRow& other) {
      return SqlValue(row.first) == other[0] && row.second == other[1];
    };
    if (std::equal(rows->begin(), rows->end(), found.rows.begin(), found.rows.end(), is_same)) {
      return;
    }
    std::vector<SqlRow> expected;
    for (const auto& [key, value] : *rows) expected.push_back({key, value});
    compare_rows(name_of(view) + " afterwards", expected, found.rows);
  }

  Configuration options_;
  Defect defect_;
  std::array<std::unique_ptr<Database>, 2> databases_;
  std::unique_ptr<Model> model_;
};

}  // namespace

Result run_both(const Script& script, const std::filesystem::path& directory, Defect defect) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  Result result;
  try {
    Driver driver(script, directory, defect);
    for (const Record& record : script.records) driver.act(record, result);
  } catch (const Divergence& divergence) {
    result.divergence = divergence.text;
  }
  std::filesystem::remove_all(directory);
  return result;
}

}  // namespace vkv::model
