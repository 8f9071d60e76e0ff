#include "core/kv/disk.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <limits>
#include <system_error>
#include <thread>

#include "core/base/error.h"
#include "core/base/printable.h"
#include "core/kv/shadow_tables.h"
#include "core/kv/sqlite_store.h"

namespace vkv {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kPrimaryCode = 0xff;
constexpr const char* kSchema = "main";
constexpr const char* kTable = "vkv";
constexpr const char* kRead = "BEGIN";
constexpr const char* kWrite = "BEGIN IMMEDIATE";

// Absolute, so that SQLite takes no name for a URI or for a database in memory.
std::string file_name(const std::filesystem::path& path) {
  const std::string& name = path.native();
  if (name.empty()) throw InvalidArgument("a Disk needs the path of its file");
  if (name.find('\0') != name.npos) {
    throw InvalidArgument("a path with a NUL byte: " + printable(name));
  }
  return std::filesystem::absolute(path).native();
}

milliseconds as_sqlite_takes_it(milliseconds timeout) {
  return std::clamp(timeout, milliseconds(0), milliseconds(std::numeric_limits<int>::max()));
}

bool is_busy(const StorageError& error) { return (error.code() & kPrimaryCode) == SQLITE_BUSY; }

// What the operating system says about the latest error; empty when that was not its.
std::string system_message(sqlite3* db, const StorageError& error, const std::string& path) {
  const int code = error.code() & kPrimaryCode;
  const int system = sqlite3_system_errno(db);
  if (system == 0 || (code != SQLITE_CANTOPEN && code != SQLITE_IOERR)) return "";
  // A file that may not be created is looked for once more, as one that is only read.
  if (system == ENOENT && std::filesystem::exists(std::filesystem::path(path).parent_path())) {
    return ": no file can be created there";
  }
  return ": " + std::generic_category().message(system);
}

// A visitor that keeps what `visit` throws in `thrown`, and stops.
template <typename... Args>
std::function<bool(Args...)> keeping(std::exception_ptr& thrown,
                                     const std::function<bool(Args...)>& visit) {
  return [&](Args... args) {
    try {
      return visit(args...);
    } catch (...) {
      thrown = std::current_exception();
      return false;
    }
  };
}

}  // namespace

template <typename Body>
auto Disk::named(const Body& body) {
  try {
    return body();
  } catch (const StorageError& error) {
    const std::string what =
        is_busy(error)
            ? "another process kept it locked for " + std::to_string(busy_timeout_.count()) + " ms"
            : error.what() + system_message(db_.get(), error, path_);
    throw StorageError(error.code(), path_ + ": " + what);
  }
}

template <typename Body>
auto Disk::locked(const Body& body) {
  const std::lock_guard lock(mutex_);
  return named(body);
}

class Disk::Transaction {
 public:
  Transaction(Disk& disk, const char* begin) : disk_(disk), nested_(disk.open_transactions_ > 0) {
    disk.named([&] {
      if (nested_ && sqlite3_get_autocommit(disk_.db_.get())) {
        throw StorageError(SQLITE_ABORT_ROLLBACK, "an error has rolled the transaction back");
      }
      execute(disk_.db_.get(), nested_ ? "SAVEPOINT vkv" : begin);
    });
    ++disk_.open_transactions_;
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  ~Transaction() {
    --disk_.open_transactions_;
    if (committed_ || sqlite3_get_autocommit(disk_.db_.get())) return;
    // Nothing is left to do when this fails: closing the connection rolls back too.
    sqlite3_exec(disk_.db_.get(), nested_ ? "ROLLBACK TO vkv; RELEASE vkv" : "ROLLBACK", nullptr,
                 nullptr, nullptr);
  }

  void commit() {
    disk_.named([&] { execute(disk_.db_.get(), nested_ ? "RELEASE vkv" : "COMMIT"); });
    committed_ = true;
  }

 private:
  Disk& disk_;
  const bool nested_;
  bool committed_ = false;
};

template <typename Body>
auto Disk::in_transaction(const char* begin, const Body& body) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this, begin);
  if constexpr (std::is_void_v<decltype(body())>) {
    named(body);
    transaction.commit();
  } else {
    auto result = named(body);
    transaction.commit();
    return result;
  }
}

void Disk::Close::operator()(sqlite3* db) const noexcept { sqlite3_close(db); }

Disk::Disk(const std::filesystem::path& path, milliseconds busy_timeout, Content content)
    : path_(file_name(path)),
      busy_timeout_(as_sqlite_takes_it(busy_timeout)),
      type_(content == Content::keys ? ShadowConfig::kKeys : ShadowConfig::kVersioned) {
  named([&] { connect(); });
  const bool complete = in_transaction(kRead, [&] { return has_tables(); });
  named([&] { enter_wal_mode(); });
  if (!complete) {
    in_transaction(kWrite, [&] {
      if (!has_tables()) create_tables();
    });
  }
}

Disk::~Disk() = default;

void Disk::connect() {
  sqlite3* db = nullptr;
  const int opened =
      sqlite3_open_v2(path_.c_str(), &db,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  check_sqlite(db, opened);
  if (sqlite3_db_readonly(db, kSchema)) throw StorageError(SQLITE_READONLY, "cannot be written");
  check_sqlite(db, sqlite3_busy_timeout(db, static_cast<int>(busy_timeout_.count())));
  execute(db, "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF");
  store_ = std::make_unique<SqliteStore>(db, kSchema, std::string(kTable) + "_store");
}

bool Disk::has_tables() {
  if (!has_shadow_tables(db_.get(), kSchema, kTable)) return false;
  ShadowConfig settings(db_.get(), kSchema, kTable);
  settings.check_format();
  if (const std::string type = settings.type(); type != type_) {
    throw Unsupported(path_ + " is of type " + type + ", not " + type_);
  }
  return true;
}

void Disk::create_tables() {
  execute(db_.get(), create_shadow_tables_sql(kSchema, kTable));
  ShadowConfig(db_.get(), kSchema, kTable).set_text("type", type_);
}

// SQLite answers BUSY at once, whatever its timeout, where waiting could mean a deadlock: here,
// when several processes enter WAL mode together.
void Disk::enter_wal_mode() {
  const auto deadline = steady_clock::now() + busy_timeout_;
  for (;;) {
    try {
      Statement statement(db_.get(), "PRAGMA journal_mode = WAL");
      Statement::Run run(statement);
      if (run.step() && run.text(0) == "wal") return;
      throw StorageError(SQLITE_CANTOPEN, "cannot be used in WAL mode");
    } catch (const StorageError& error) {
      if (!is_busy(error) || steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
}

std::optional<Bytes> Disk::get(std::string_view key) {
  return locked([&] { return store_->get(key); });
}

bool Disk::contains(std::string_view key) {
  return locked([&] { return store_->contains(key); });
}

KVStore::Entries Disk::get_many(std::span<const std::string_view> keys) {
  return in_transaction(kRead, [&] { return store_->get_many(keys); });
}

void Disk::set_many(std::span<const Entry> entries) {
  in_transaction(kWrite, [&] { store_->set_many(entries); });
}

void Disk::remove_many(std::span<const std::string_view> keys) {
  in_transaction(kWrite, [&] { store_->remove_many(keys); });
}

bool Disk::cas(std::string_view key, BytesView value, std::optional<BytesView> expected) {
  return in_transaction(kWrite, [&] { return store_->cas(key, value, expected); });
}

void Disk::visit_keys(std::string_view prefix, const KeyVisitor& visit) {
  std::exception_ptr thrown;
  locked([&] { store_->visit_keys(prefix, keeping(thrown, visit)); });
  if (thrown) std::rethrow_exception(thrown);
}

void Disk::visit(std::string_view prefix, const EntryVisitor& visit) {
  std::exception_ptr thrown;
  locked([&] { store_->visit(prefix, keeping(thrown, visit)); });
  if (thrown) std::rethrow_exception(thrown);
}

void Disk::clear() {
  in_transaction(kWrite, [&] { store_->clear(); });
}

std::vector<Bytes> Disk::pinned_commits() {
  return locked([&] { return vkv::pinned_commits(db_.get(), kSchema, kTable); });
}

bool Disk::exclusive(const std::function<void()>& body) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*this, kWrite);
  body();
  transaction.commit();
  return true;
}

}  // namespace vkv
