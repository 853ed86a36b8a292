// SQLite behind Status: its result codes, connections, and runs of prepared statements.
#include "store/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "base/fault_watch.h"
#include "store/sqlite_vfs.h"

namespace vexfs::store {
namespace {

bool is_log_faulted(sqlite3* db) {
  if (!FaultWatch::any_faulted()) return false;
  sqlite3_file* file = nullptr;
  const int code = ::sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return code == SQLITE_OK && file != nullptr && log_index_faulted(file);
}

// Runs once, before the first connection of the process: sqlite3_config() works only until then.
void set_up_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Counting memory takes a lock of the whole process at every allocation.
    (void)::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    register_vfs();
  });
}

}  // namespace

Status sqlite_status(int code, StaticText what) {
  if (code == SQLITE_IOERR_NOMEM) return Status(ENOMEM, what);
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return Status();
    case SQLITE_FULL:
      return Status(ENOSPC, what);
    case SQLITE_NOMEM:
      return Status(ENOMEM, what);
    case SQLITE_READONLY:
      return Status(EROFS, what);
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return Status(EACCES, what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Status(EBUSY, what);
    case SQLITE_CONSTRAINT:
      return Status(EEXIST, what);
    case SQLITE_TOOBIG:
      return Status(EFBIG, what);
    case SQLITE_ERROR:  // Such as a table that is not there.
    case SQLITE_SCHEMA:
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    case SQLITE_NOTADB:
      return Status(EUCLEAN, what);
    default:
      return Status(EIO, what);
  }
}

Sqlite::~Sqlite() { close(); }

void Sqlite::close() {
  (void)::sqlite3_close(db_);
  db_ = nullptr;
}

// NOMUTEX: our callers let one thread at a time use a connection.
Status Sqlite::open(const std::string& path, Open how) {
  set_up_sqlite();
  const int access = how == Open::kReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const bool has_no_log = how == Open::kReadOnlyWithoutLog;
  const std::string name = has_no_log ? "file:" + path + "?immutable=1" : path;
  const int code = ::sqlite3_open_v2(
      name.c_str(), &db_,
      access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (has_no_log ? SQLITE_OPEN_URI : 0),
      how == Open::kReadOnlyAlone ? kVfsAlone : kVfs);
  if (code != SQLITE_OK) return sqlite_status(code, "open the catalog");
  // The file may come from anyone, so nothing in its schema may run by itself
  // (https://sqlite.org/security.html).
  (void)::sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  (void)::sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  (void)::sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  (void)::sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  // In exclusive mode SQLite keeps the index of the log in its own memory, and needs no -shm file.
  if (how == Open::kReadOnlyAlone) return exec("PRAGMA locking_mode = EXCLUSIVE");
  return Status();
}

Status Sqlite::exec(const char* sql) {
  return sqlite_status(::sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), "catalog");
}

Result<int64_t> Sqlite::integer(const char* sql) {
  Statement statement;
  VEXFS_CHECK_OK(statement.prepare(*this, sql));
  Run run(statement);
  VEXFS_TRY(found, run.next());
  if (!found) return Status(EUCLEAN, "the catalog has no answer");
  return run.integer(0);
}

Result<std::string> Sqlite::text(const char* sql) {
  Statement statement;
  VEXFS_CHECK_OK(statement.prepare(*this, sql));
  Run run(statement);
  VEXFS_TRY(found, run.next());
  if (!found) return Status(EUCLEAN, "the catalog has no answer");
  return std::string(run.bytes(0));
}

bool Sqlite::log_faulted() const { return is_log_faulted(db_); }

bool Sqlite::in_transaction() const { return ::sqlite3_get_autocommit(db_) == 0; }

int Sqlite::changed_rows() const { return ::sqlite3_changes(db_); }

Statement::~Statement() { ::sqlite3_finalize(statement_); }

Status Statement::prepare(const Sqlite& db, const char* sql) {
  return sqlite_status(::sqlite3_prepare(db.get(), sql, -1, &statement_, nullptr),
                       "prepare a statement of the catalog");
}

Run::~Run() { (void)::sqlite3_reset(statement_); }

Result<bool> Run::next() {
  if (bound_ != SQLITE_OK) return sqlite_status(bound_, "bind a value for the catalog");
  const int code = ::sqlite3_step(statement_);
  // With zeros in the log's index SQLite takes older pages for the newest.
  if (is_log_faulted(::sqlite3_db_handle(statement_))) {
    return Status(EIO, "the index of the catalog's log cannot be read");
  }
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  // For statements from sqlite3_prepare(), step() says SQLITE_ERROR and reset() says what happened.
  const int reason = ::sqlite3_reset(statement_);
  return sqlite_status(reason == SQLITE_OK ? code : reason, "catalog");
}

Status Run::finish() {
  VEXFS_TRY(row, next());
  return row ? Status(EUCLEAN, "the catalog answers what was not asked") : Status();
}

int64_t Run::integer(int column) const { return ::sqlite3_column_int64(statement_, column); }

// The bytes belong to SQLite, and are valid until the next step of the run.
std::string_view Run::bytes(int column) const {
  const void* const blob = ::sqlite3_column_blob(statement_, column);
  const int count = ::sqlite3_column_bytes(statement_, column);
  if (blob == nullptr || count <= 0) return {};
  return {static_cast<const char*>(blob), static_cast<size_t>(count)};
}

void Run::bind(int index, int64_t value) {
  const int code = ::sqlite3_bind_int64(statement_, index, value);
  if (bound_ == SQLITE_OK) bound_ = code;
}

// SQLITE_STATIC: nothing is copied. A Run ends before the arguments of its constructor do.
void Run::bind(int index, std::string_view blob) {
  // SQLite would store an empty blob without an address as NULL.
  const int code = ::sqlite3_bind_blob(statement_, index, blob.empty() ? "" : blob.data(),
                                       static_cast<int>(blob.size()), SQLITE_STATIC);
  if (bound_ == SQLITE_OK) bound_ = code;
}

void Run::bind(int index, SqlText text) {
  const int code = ::sqlite3_bind_text(statement_, index, text.text.empty() ? "" : text.text.data(),
                                       static_cast<int>(text.text.size()), SQLITE_STATIC);
  if (bound_ == SQLITE_OK) bound_ = code;
}

}  // namespace vexfs::store
