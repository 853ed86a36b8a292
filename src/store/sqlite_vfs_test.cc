// The index of the log cut off under its mapping: an error, no wrong answer, and nothing is lost.
#include "store/sqlite_vfs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/testing/temporary_directory.h"
#include "store/sqlite.h"

namespace vexfs::store {
namespace {

class SqliteVfsTest : public testing::Test {
 protected:
  SqliteVfsTest() { (void)directory_.create("db", ""); }

  Status open(Sqlite& db) {
    const std::string path = "/proc/self/fd/" + std::to_string(directory_.fd().get()) + "/db";
    if (const Status opened = db.open(path, Sqlite::Open::kReadWrite); !opened.ok()) return opened;
    return db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
  }
  void cut(off_t bytes) {
    ASSERT_EQ(::truncate((directory_.path() + "/db-shm").c_str(), bytes), 0);
  }

  TemporaryDirectory directory_;
};

TEST_F(SqliteVfsTest, AnIndexThatIsCutOffIsAnError) {
  for (const off_t bytes : {0, 4096}) {
    Sqlite db;
    ASSERT_TRUE(open(db).ok());
    ASSERT_TRUE(db.exec("CREATE TABLE IF NOT EXISTS t(a); DELETE FROM t").ok());
    ASSERT_TRUE(db.exec("INSERT INTO t VALUES(7)").ok());
    ASSERT_EQ(db.integer("SELECT a FROM t").value(), 7);
    EXPECT_FALSE(db.log_faulted());
    cut(bytes);
    const Result<int64_t> read = db.integer("SELECT a FROM t");
    if (read.ok()) {
      EXPECT_EQ(read.value(), 7) << "it did not look there";
    }
    (void)db.exec("INSERT INTO t VALUES(8)");
    const Result<int64_t> count = db.integer("SELECT count(*) FROM t");
    if (db.log_faulted()) {
      EXPECT_EQ(count.error(), EIO);
    }
    db.close();
    Sqlite again;
    ASSERT_TRUE(open(again).ok());
    EXPECT_EQ(again.integer("SELECT a FROM t").value(), 7);
    EXPECT_EQ(again.text("PRAGMA integrity_check").value(), "ok");
  }
}

TEST_F(SqliteVfsTest, SaysSoForTheFileThatItHappenedTo) {
  Sqlite db;
  ASSERT_TRUE(open(db).ok());
  ASSERT_TRUE(db.exec("CREATE TABLE t(a)").ok());
  cut(0);
  (void)db.integer("SELECT count(*) FROM t");
  EXPECT_TRUE(db.log_faulted());
  const TemporaryDirectory other;
  (void)other.create("db", "");
  Sqlite sound;
  ASSERT_TRUE(sound
                  .open("/proc/self/fd/" + std::to_string(other.fd().get()) + "/db",
                        Sqlite::Open::kReadWrite)
                  .ok());
  EXPECT_FALSE(sound.log_faulted());
}

}  // namespace
}  // namespace vexfs::store
