// Costs of running the catalog's prepared statements: the very SQL of the catalog, over tables
// large enough for deep trees, with keys and names as long as they may be, so that pages split
// and merge.
//
// Left out are the statements that change spaces: they run on threads with a large stack.
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "base/scratch_directory.h"
#include "measure_costs.h"
#include "painted_call.h"
#include "store/catalog_schema.h"
#include "store/catalog_statements.h"

namespace vexfs::stack_cost {
namespace {

using store::kSql;
using store::Sql;

constexpr int kRows = 6000;
constexpr int64_t kSpace = 1;

void require(bool holds) {
  if (holds) return;
  std::fprintf(stderr, "measure_sqlite: the catalog does not do what it should\n");
  std::abort();
}

class Catalog {
 public:
  Catalog() {
    require(!scratch_.path().empty());
    require(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
    const std::string path = scratch_.path() + "/catalog.sqlite";
    require(sqlite3_open_v2(path.c_str(), &db_,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                SQLITE_OPEN_EXRESCODE,
                            nullptr) == SQLITE_OK);
    exec("PRAGMA auto_vacuum = INCREMENTAL");
    exec("PRAGMA journal_mode = WAL");
    exec(store::kCatalogPragmas);
    for (const char* sql : store::kCatalogSchema) exec(sql);
    exec("INSERT INTO counters VALUES (1, 1, 0, 0, 0, 0, 0, 0)");
    exec("INSERT INTO spaces VALUES (1, 'space', 4, 1, 1, 16, 200, 0, 1, 0, 0)");
    for (size_t i = 0; i < kSql.size(); ++i) {
      require(sqlite3_prepare(db_, kSql[i].text, -1, &statements_[i], nullptr) == SQLITE_OK);
    }
  }
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;
  ~Catalog() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  void exec(const char* sql) {
    require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

  // Runs a statement and measures every call that it takes. Returns the last code of step.
  template <typename... Parameters>
  int run(Sql sql, Parameters... parameters) {
    sqlite3_stmt* const statement = statements_[static_cast<size_t>(sql)];
    int index = 0;
    (bind(statement, ++index, parameters), ...);
    int code = SQLITE_ROW;
    for (int rows = 0; code == SQLITE_ROW && rows < 50; ++rows) {
      measure_block("sqlite3_step", [&] { code = sqlite3_step(statement); });
      if (code != SQLITE_ROW) break;
      for (int column = 0; column < sqlite3_column_count(statement); ++column) {
        measure("sqlite3_column_int64", &sqlite3_column_int64, statement, column);
        measure("sqlite3_column_blob", &sqlite3_column_blob, statement, column);
        measure("sqlite3_column_bytes", &sqlite3_column_bytes, statement, column);
      }
    }
    measure("sqlite3_reset", &sqlite3_reset, statement);
    measure("sqlite3_db_handle", &sqlite3_db_handle, statement);
    measure("sqlite3_changes", &sqlite3_changes, db_);
    sqlite3_file* file = nullptr;
    measure("sqlite3_file_control", &sqlite3_file_control, db_, "main",
            SQLITE_FCNTL_FILE_POINTER, &file);
    measure("sqlite3_get_autocommit", &sqlite3_get_autocommit, db_);
    return code;
  }

 private:
  static void bind(sqlite3_stmt* statement, int index, int64_t value) {
    measure("sqlite3_bind_int64", &sqlite3_bind_int64, statement, index,
            static_cast<sqlite3_int64>(value));
  }
  static void bind(sqlite3_stmt* statement, int index, const std::string& value) {
    measure_block("sqlite3_bind_blob", [&] {
      sqlite3_bind_blob(statement, index, value.data(), static_cast<int>(value.size()),
                        SQLITE_STATIC);
    });
  }
  static void bind(sqlite3_stmt* statement, int index, const char* value) {
    measure_block("sqlite3_bind_text", [&] {
      sqlite3_bind_text(statement, index, value, static_cast<int>(std::strlen(value)),
                        SQLITE_STATIC);
    });
  }

  const ScratchDirectory scratch_;
  sqlite3* db_ = nullptr;
  std::array<sqlite3_stmt*, kSql.size()> statements_{};
};

std::string long_text(int number, size_t bytes) {
  std::string text = std::to_string(uint32_t(number) * 2654435761U);
  text.resize(bytes, 'x');
  return text;
}

// Puts in two of three objects, with name and passage.
void fill(Catalog& catalog) {
  for (int i = 2; i < kRows; ++i) {
    if (i % 100 == 2) catalog.run(Sql::kBegin);
    catalog.run(Sql::kAddObject, int64_t{i}, long_text(i, 136), int64_t{1 + i % 2}, int64_t{i});
    catalog.run(Sql::kPutName, int64_t{1 + i % 7}, long_text(i, 255), int64_t{i});
    catalog.run(Sql::kAddSlot, kSpace << 32 | i, kSpace, int64_t{i}, int64_t{0}, int64_t{i},
                int64_t{0}, int64_t{0}, int64_t{0});
    catalog.run(Sql::kPutDocument, int64_t{i}, int64_t{1 + i % 4}, kSpace, int64_t{i}, int64_t{i},
                int64_t{i}, int64_t{0}, "why");
    if (i % 100 == 1) require(catalog.run(Sql::kCommit) == SQLITE_DONE);
  }
  catalog.run(Sql::kSetCounters, int64_t{kRows}, int64_t{kRows}, int64_t{kRows}, int64_t{kRows},
              int64_t{kRows}, int64_t{kRows});
  catalog.run(Sql::kSetVectors, kSpace, int64_t{kRows});
  require(catalog.run(Sql::kCommit) == SQLITE_DONE);
}

void look_up(Catalog& catalog, int i) {
  catalog.run(Sql::kFindObject, long_text(i, 136));
  catalog.run(Sql::kGetObject, int64_t{i});
  catalog.run(Sql::kGetKey, int64_t{i});
  catalog.run(Sql::kFindName, int64_t{1 + i % 7}, long_text(i, 255));
  catalog.run(Sql::kNamesOf, int64_t{i});
  catalog.run(Sql::kGetSlot, kSpace << 32 | i);
  catalog.run(Sql::kGetOwner, kSpace << 32 | i);
  catalog.run(Sql::kFindSlot, int64_t{i}, kSpace, int64_t{0});
  catalog.run(Sql::kFirstSlotFrom, int64_t{i}, kSpace, int64_t{0});
  catalog.run(Sql::kPassagesOf, int64_t{i}, kSpace);
  catalog.run(Sql::kNextSpaceOf, int64_t{i}, int64_t{0});
  catalog.run(Sql::kGetDocument, int64_t{i});
  catalog.run(Sql::kGetDocumentState, int64_t{i});
  catalog.run(Sql::kGetMark, "mark");
  catalog.run(Sql::kGetCounters);
}

void scan(Catalog& catalog) {
  catalog.run(Sql::kObjects, int64_t{0});
  catalog.run(Sql::kDirectories);
  catalog.run(Sql::kCountObjects);
  catalog.run(Sql::kChildrenOf, int64_t{1}, std::string());
  catalog.run(Sql::kSpaces);
  catalog.run(Sql::kLastSlot, kSpace << 32, kSpace << 32 | 0xffffffff);
  catalog.run(Sql::kAllPassages, kSpace << 32, kSpace << 32 | 0xffffffff);
  catalog.run(Sql::kPassagesAfter, kSpace, int64_t{0});
  catalog.run(Sql::kFreedAfter, kSpace, int64_t{0});
  catalog.run(Sql::kFreeSlots, kSpace);
  catalog.run(Sql::kSlotsDown, kSpace << 32, kSpace << 32 | 0xffffffff);
  catalog.run(Sql::kDocumentsNotFresh, int64_t{3}, int64_t{0});
  catalog.run(Sql::kDocumentsFresh, int64_t{0});
  catalog.run(Sql::kCountDocuments);
}

void change(Catalog& catalog, int i, int64_t change_number) {
  catalog.run(Sql::kFreeSlot, kSpace << 32 | i, change_number);
  catalog.run(Sql::kTakeSlot, kSpace << 32 | i, int64_t{i}, int64_t{1}, change_number, int64_t{5},
              int64_t{9}, int64_t{1});
  catalog.run(Sql::kPutName, int64_t{1 + i % 7}, long_text(i, 255), int64_t{2 + i % 50});
  catalog.run(Sql::kSetKey, int64_t{i}, long_text(i + kRows, 136), int64_t{1});
  catalog.run(Sql::kSetMark, "mark", int64_t{i});
  catalog.run(Sql::kSetPending, int64_t{i});
  catalog.run(Sql::kPutDocument, int64_t{i}, int64_t{1 + (i + change_number) % 4}, kSpace,
              int64_t{i}, int64_t{i}, int64_t{i}, int64_t{0}, "why");
  if (i % 3 == 0) {
    catalog.run(Sql::kFreeSlot, kSpace << 32 | i, change_number);
    catalog.run(Sql::kRemoveName, int64_t{1 + i % 7}, long_text(i, 255));
    catalog.run(Sql::kRemoveNamesOf, int64_t{i});
    catalog.run(Sql::kRemoveDocument, int64_t{i});
    catalog.run(Sql::kRemoveObject, int64_t{i});
  }
}

// Statements that fail: a key that is there already, and a log that cannot grow.
void fail(Catalog& catalog) {
  catalog.run(Sql::kBegin);
  for (int i = 0; i < 2; ++i) {
    catalog.run(Sql::kAddObject, int64_t{(1 << 30) + i}, long_text(-7, 136), int64_t{1},
                int64_t{1});
  }
  catalog.run(Sql::kRollback);
  catalog.run(Sql::kBegin);
  for (int i = 2; i < 500; ++i) {
    catalog.run(Sql::kAddObject, int64_t{(1 << 30) + i}, long_text(i - kRows, 136), int64_t{1},
                int64_t{1});
  }
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit tight = before;
  tight.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &tight);
  require(catalog.run(Sql::kCommit) != SQLITE_DONE);
  setrlimit(RLIMIT_FSIZE, &before);
  catalog.run(Sql::kRollback);
}

}  // namespace

void measure_sqlite() {
  signal(SIGXFSZ, SIG_IGN);
  Catalog catalog;
  fill(catalog);
  std::mt19937 random(1);
  for (int round = 0; round < 10; ++round) {
    scan(catalog);  // Without a transaction: each statement takes the locks.
    catalog.run(Sql::kBegin);
    for (int i = 0; i < 200; ++i) {
      const int at = 2 + static_cast<int>(random() % (kRows - 2));
      look_up(catalog, at);
      change(catalog, at, kRows + i);
    }
    scan(catalog);
    catalog.run(Sql::kCountCheckpoint);
    catalog.run(round % 4 == 3 ? Sql::kRollback : Sql::kCommit);
    if (round % 3 == 2) catalog.exec("PRAGMA wal_checkpoint(RESTART)");
  }
  fail(catalog);
}

}  // namespace vexfs::stack_cost
