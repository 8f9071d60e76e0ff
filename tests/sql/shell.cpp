// A shell for SQL tests: reads what sqlite3's own shell reads in list mode, with vkv in every
// connection, and works in builds that shell cannot load (sanitizers). Differences: errors are on
// standard output, as "Error: <message> (<code>)"; the dot-commands are those below.
//
// usage: vkv_sql_shell <script>
//
//   .echo on|off         show statements before what they answer
//   .headers on|off      show column names
//   .nullvalue <text>    what NULL looks like
//   .print <text>
//   .open <file>         close the connection's database and open this one
//   .connection <n>      go to connection n; a new one has a database in memory
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

#include "core/kv/sqlite.h"
#include "ext/vkv.h"

namespace {

const char* code_name(int code) {
  switch (code & 0xff) {
    case SQLITE_ERROR:
      return "SQLITE_ERROR";
    case SQLITE_INTERNAL:
      return "SQLITE_INTERNAL";
    case SQLITE_PERM:
      return "SQLITE_PERM";
    case SQLITE_ABORT:
      return "SQLITE_ABORT";
    case SQLITE_BUSY:
      return "SQLITE_BUSY";
    case SQLITE_LOCKED:
      return "SQLITE_LOCKED";
    case SQLITE_NOMEM:
      return "SQLITE_NOMEM";
    case SQLITE_READONLY:
      return "SQLITE_READONLY";
    case SQLITE_INTERRUPT:
      return "SQLITE_INTERRUPT";
    case SQLITE_CORRUPT:
      return "SQLITE_CORRUPT";
    case SQLITE_FULL:
      return "SQLITE_FULL";
    case SQLITE_CANTOPEN:
      return "SQLITE_CANTOPEN";
    case SQLITE_SCHEMA:
      return "SQLITE_SCHEMA";
    case SQLITE_TOOBIG:
      return "SQLITE_TOOBIG";
    case SQLITE_CONSTRAINT:
      return "SQLITE_CONSTRAINT";
    case SQLITE_MISMATCH:
      return "SQLITE_MISMATCH";
    case SQLITE_MISUSE:
      return "SQLITE_MISUSE";
    case SQLITE_AUTH:
      return "SQLITE_AUTH";
    case SQLITE_RANGE:
      return "SQLITE_RANGE";
    default:
      return "another code";
  }
}

class Shell {
 public:
  Shell() { open(":memory:"); }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  // Returns whether every connection could be closed.
  bool close() {
    bool closed = true;
    for (auto& [number, db] : connections_) closed = close(db) && closed;
    return closed;
  }

  void line(const std::string& line) {
    const bool is_remark = line.starts_with("--") || line.find_first_not_of(" \t") == line.npos;
    if (pending_.empty() && (is_remark || line.starts_with('.'))) {
      if (echo_) std::cout << line << '\n';
      if (!is_remark) command(line.substr(1));
      return;
    }
    pending_ += line + '\n';
    if (sqlite3_complete(pending_.c_str()) != 0) finish();
  }

  // Runs what has been read so far.
  void finish() {
    if (echo_) std::cout << pending_;
    run(pending_);
    pending_.clear();
  }

 private:
  static bool close(sqlite3* db) {
    if (sqlite3_close(db) == SQLITE_OK) return true;
    std::cout << "Error: the connection cannot be closed\n";
    return false;
  }

  sqlite3*& db() { return connections_[current_]; }

  void open(const std::string& file) {
    if (db() != nullptr) close(db());
    if (sqlite3_open(file.c_str(), &db()) != SQLITE_OK || vkv_register(db()) != SQLITE_OK) {
      throw std::runtime_error("cannot open " + file);
    }
  }

  void command(const std::string& text) {
    const std::size_t space = text.find(' ');
    const std::string name = text.substr(0, space);
    const std::string argument = space == std::string::npos ? "" : text.substr(space + 1);
    if (name == "echo") {
      echo_ = argument == "on";
    } else if (name == "headers") {
      headers_ = argument == "on";
    } else if (name == "nullvalue") {
      null_ = argument;
    } else if (name == "print") {
      std::cout << argument << '\n';
    } else if (name == "open") {
      open(argument);
    } else if (name == "connection") {
      current_ = std::stoi(argument);
      if (db() == nullptr) open(":memory:");
    } else {
      throw std::runtime_error("unknown command ." + name);
    }
  }

  void run(const std::string& sql) {
    const char* rest = sql.c_str();
    while (*rest != '\0') {
      sqlite3_stmt* statement = nullptr;
      int code = sqlite3_prepare_v2(db(), rest, -1, &statement, &rest);
      if (statement != nullptr) code = answer(statement);
      if (code != SQLITE_OK) {
        std::cout << "Error: " << sqlite3_errmsg(db()) << " (" << code_name(code) << ")\n";
      }
      sqlite3_finalize(statement);
      if (statement == nullptr && code != SQLITE_OK) return;
    }
  }

  int answer(sqlite3_stmt* statement) {
    const int columns = sqlite3_column_count(statement);
    bool first = true;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      if (headers_ && first) {
        for (int i = 0; i < columns; ++i) cell(i, sqlite3_column_name(statement, i));
        std::cout << '\n';
      }
      first = false;
      for (int i = 0; i < columns; ++i) {
        cell(i, reinterpret_cast<const char*>(sqlite3_column_text(statement, i)));
      }
      std::cout << '\n';
    }
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }

  void cell(int column, const char* text) {
    std::cout << (column > 0 ? "|" : "") << (text != nullptr ? text : null_.c_str());
  }

  std::map<int, sqlite3*> connections_;
  int current_ = 0;
  std::string pending_;
  bool echo_ = false;
  bool headers_ = false;
  std::string null_;
};

}  // namespace

int main(int count, char** arguments) try {
  if (count != 2) throw std::runtime_error("usage: vkv_sql_shell <script>");
  std::ifstream script(arguments[1]);
  if (!script) throw std::runtime_error(std::string("cannot read ") + arguments[1]);
  Shell shell;
  for (std::string line; std::getline(script, line);) shell.line(line);
  shell.finish();
  return shell.close() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
