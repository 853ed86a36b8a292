// SQLite's results as Status: rows, errors, and values that are bound and read.
#include "store/sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

std::string path_in(const TemporaryDirectory& directory, const char* name) {
  return "/proc/self/fd/" + std::to_string(directory.fd().get()) + "/" + name;
}

TEST(SqliteTest, CodesBecomeErrnos) {
  EXPECT_TRUE(sqlite_status(SQLITE_OK, "x").ok());
  EXPECT_EQ(sqlite_status(SQLITE_FULL, "x").error(), ENOSPC);
  EXPECT_EQ(sqlite_status(SQLITE_IOERR_FSYNC, "x").error(), EIO);
  EXPECT_EQ(sqlite_status(SQLITE_IOERR_NOMEM, "x").error(), ENOMEM);
  EXPECT_EQ(sqlite_status(SQLITE_CORRUPT_INDEX, "x").error(), EUCLEAN);
  EXPECT_EQ(sqlite_status(SQLITE_CONSTRAINT_UNIQUE, "x").error(), EEXIST);
  EXPECT_EQ(sqlite_status(SQLITE_BUSY_SNAPSHOT, "x").error(), EBUSY);
}

TEST(SqliteTest, BindsAndReadsBack) {
  const TemporaryDirectory directory;
  (void)directory.create("db", "");
  Sqlite db;
  ASSERT_TRUE(db.open(path_in(directory, "db"), Sqlite::Open::kReadWrite).ok());
  Statement statement;
  ASSERT_TRUE(statement.prepare(db, "SELECT ?1, ?2, typeof(?2), typeof(?3)").ok());
  for (int i = 0; i < 2; ++i) {
    store::Run run(statement, INT64_MIN, std::string_view("a\0b", 3), SqlText{""});
    ASSERT_TRUE(run.next().value());
    EXPECT_EQ(run.integer(0), INT64_MIN);
    EXPECT_EQ(run.bytes(1), std::string_view("a\0b", 3));
    EXPECT_EQ(run.bytes(2), "blob");
    EXPECT_EQ(run.bytes(3), "text");
    EXPECT_FALSE(run.next().value());
  }
  store::Run empty(statement, int64_t{0}, std::string_view(), SqlText{"x"});
  ASSERT_TRUE(empty.next().value());
  EXPECT_EQ(empty.bytes(2), "blob") << "empty, and not NULL";
}

TEST(SqliteTest, AStatementWhoseSchemaChangedFailsInsteadOfParsing) {
  const TemporaryDirectory directory;
  (void)directory.create("db", "");
  Sqlite db;
  ASSERT_TRUE(db.open(path_in(directory, "db"), Sqlite::Open::kReadWrite).ok());
  ASSERT_TRUE(db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1)").ok());
  Statement statement;
  ASSERT_TRUE(statement.prepare(db, "SELECT a FROM t").ok());
  Sqlite other;
  ASSERT_TRUE(other.open(path_in(directory, "db"), Sqlite::Open::kReadWrite).ok());
  ASSERT_TRUE(other.exec("CREATE TABLE u (b)").ok());
  store::Run run(statement);
  EXPECT_EQ(run.next().error(), EUCLEAN);
}

TEST(SqliteTest, FollowsNoLinkBehindTheDescriptor) {
  const TemporaryDirectory directory;
  (void)directory.create("db", "");
  ASSERT_EQ(::symlinkat("db", directory.fd().get(), "link"), 0);
  Sqlite db;
  EXPECT_FALSE(db.open(path_in(directory, "link"), Sqlite::Open::kReadWrite).ok());
}

}  // namespace
}  // namespace vexfs::store
