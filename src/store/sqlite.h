// SQLite behind Status: a connection, prepared statements, and one run of a statement.
#ifndef VEXFS_STORE_SQLITE_H_
#define VEXFS_STORE_SQLITE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

// Declared here, so that <sqlite3.h> stays out of every file that runs a statement.
struct sqlite3;
struct sqlite3_stmt;

namespace vexfs::store {

// The errno that stands for SQLite's result code, which may be an extended one.
Status sqlite_status(int code, StaticText what);

// One connection, for one thread at a time. Opening and exec() parse: service threads only.
class Sqlite {
 public:
  // How the file is reached. kAlone reads without locks and without shared memory, so it needs no
  // right to write; nobody may write meanwhile. kReadOnlyWithoutLog is the same for a file that has
  // no log: SQLite would want to make one.
  enum class Open { kReadWrite, kReadOnly, kReadOnlyAlone, kReadOnlyWithoutLog };

  Sqlite() = default;
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  ~Sqlite();

  // `path` is used as it is, no link in it is resolved: /proc/self/fd/N leads to where the
  // descriptor is, also when a mount covers that place by now.
  Status open(const std::string& path, Open how);
  void close();
  Status exec(const char* sql);
  // The first column of the first row that a statement answers. EUCLEAN without a row.
  Result<int64_t> integer(const char* sql);
  Result<std::string> text(const char* sql);

  sqlite3* get() const { return db_; }
  bool in_transaction() const;
  // Whether part of the log's index could not be read: what is read or written since may be wrong.
  bool log_faulted() const;
  // Rows that the last INSERT, UPDATE or DELETE changed.
  int changed_rows() const;

 private:
  sqlite3* db_ = nullptr;
};

// A prepared statement. With sqlite3_prepare and not its newer forms: those parse again, on
// whatever thread runs the statement, when another program has changed the schema; parsing takes
// 9 KiB of stack. Here such a statement fails with EUCLEAN instead.
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Service thread. Once.
  Status prepare(const Sqlite& db, const char* sql);

  sqlite3_stmt* get() const { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

// A parameter that is text; a string_view is a blob.
struct SqlText {
  std::string_view text;
};

// One run of a statement with these parameters, which must outlive it. A statement has one run at a
// time.
class Run {
 public:
  template <typename... Parameters>
  explicit Run(Statement& statement, Parameters... parameters) : statement_(statement.get()) {
    int index = 0;
    (bind(++index, parameters), ...);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  // True: there is a row. After false or a failure the run is over.
  Result<bool> next();
  // For statements that answer no rows.
  Status finish();

  int64_t integer(int column) const;
  // Bytes of a blob or text; valid until next().
  std::string_view bytes(int column) const;

 private:
  void bind(int index, int64_t value);
  void bind(int index, std::string_view blob);
  void bind(int index, SqlText text);

  sqlite3_stmt* statement_;
  int bound_ = 0;  // The code of the first bind that failed, or else SQLITE_OK.
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_SQLITE_H_
