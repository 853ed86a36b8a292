// Opening a catalog, its transactions, durability calls and marks.
#include "store/catalog.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "base/limits.h"
#include "base/testing/fault_io.h"
#include "store/sqlite.h"
#include "store/testing/catalog_fixture.h"

namespace vexfs::store {
namespace {

using Access = Catalog::Access;
using Transactions = CatalogTest;

std::string path_of(const TemporaryDirectory& directory) {
  return "/proc/self/fd/" + std::to_string(directory.fd().get()) + "/catalog.sqlite";
}

TEST_F(Transactions, ANewCatalogHasTheSourceAndNothingElse) {
  EXPECT_EQ(catalog().count_objects().value(), 1U);
  EXPECT_EQ(catalog().object(kRootObject).value()->kind, ObjectKind::kDirectory);
  EXPECT_TRUE(catalog().spaces().value().empty());
  EXPECT_EQ(catalog().last_change(), 0U);
  EXPECT_FALSE(catalog().changed());
  expect_sound();
  struct stat made;
  ASSERT_EQ(::fstatat(directory_.fd().get(), "catalog.sqlite", &made, 0), 0);
  EXPECT_EQ(made.st_mode & 07777, 0600U);
}

TEST_F(Transactions, OnlyWhatWasCommittedIsThereLater) {
  const SpaceId text = space("text");
  put(text, file("a"));
  EXPECT_TRUE(catalog().changed());
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_FALSE(catalog().changed());
  put(text, file("b"));
  EXPECT_EQ(vectors(text), 2U) << "reads see the open transaction";
  reopen();
  EXPECT_EQ(vectors(text), 1U);
  EXPECT_EQ(catalog().last_change(), 1U);
  EXPECT_TRUE(catalog().find_object(key_named("a")).value().has_value());
  EXPECT_FALSE(catalog().find_object(key_named("b")).value().has_value());
  expect_sound();
}

TEST_F(Transactions, ARollBackForgetsEverything) {
  const SpaceId text = space("text");
  put(text, file("a"));
  ASSERT_TRUE(catalog().commit().ok());
  const ObjectId b = file("b");
  put(text, b);
  space("clip");
  ASSERT_TRUE(catalog().roll_back().ok());
  EXPECT_FALSE(catalog().changed());
  EXPECT_EQ(catalog().last_change(), 1U);
  EXPECT_EQ(catalog().spaces().value().size(), 1U);
  EXPECT_EQ(slots_end(text), 1U);
  EXPECT_EQ(file("c"), b) << "an id that was never committed was never given";
  expect_sound();
}

TEST_F(Transactions, IdsAreNeverUsedAgain) {
  const ObjectId a = file("a");
  ASSERT_TRUE(catalog().remove_object(a).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  EXPECT_GT(file("b"), a);
}

TEST_F(Transactions, MarksAreKept) {
  EXPECT_EQ(catalog().mark("clean", -1).value(), -1);
  ASSERT_TRUE(catalog().set_mark("clean", INT64_MIN).ok());
  ASSERT_TRUE(catalog().set_mark("clean", 5).ok());
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  EXPECT_EQ(catalog().mark("clean", -1).value(), 5);
}

TEST_F(Transactions, ACheckpointEmptiesTheLog) {
  const SpaceId text = space("text");
  EXPECT_EQ(catalog().checkpoint().error(), EBUSY) << "there are changes";
  for (int i = 0; i < 2000; ++i) put(text, file(std::to_string(i)));
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_GT(catalog().log_bytes(), 100'000U);
  ASSERT_TRUE(catalog().checkpoint().ok());
  EXPECT_LT(catalog().log_bytes(), 20'000U);
  put(text, file("one more"));
  ASSERT_TRUE(catalog().commit().ok());
  reopen();
  EXPECT_EQ(vectors(text), 2001U);
  expect_sound();
}

TEST_F(Transactions, OtherProgramsReadBesideTheWriter) {
  put(space("text"), file("a"));
  ASSERT_TRUE(catalog().commit().ok());
  Sqlite other;
  ASSERT_TRUE(other.open(path_of(directory_), Sqlite::Open::kReadOnly).ok());
  ASSERT_TRUE(other.exec("BEGIN").ok());
  EXPECT_EQ(other.integer("SELECT count(*) FROM slots").value(), 1);
  put(SpaceId{1}, file("b"));
  ASSERT_TRUE(catalog().commit().ok());
  ASSERT_TRUE(catalog().checkpoint().ok()) << "it waits for no reader";
  EXPECT_EQ(other.integer("SELECT count(*) FROM slots").value(), 1) << "a snapshot";
  ASSERT_TRUE(other.exec("COMMIT").ok());
  EXPECT_EQ(other.integer("SELECT count(*) FROM slots").value(), 2);
  ASSERT_TRUE(catalog().checkpoint().ok());
  EXPECT_LT(catalog().log_bytes(), 20'000U);
}

TEST_F(Transactions, AReaderSeesWhatTheWriterCommits) {
  const auto reader = Catalog::open(system_io(), directory_.fd(), Access::kReadOnly).value();
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  put(text, a);
  EXPECT_TRUE(reader->spaces().value().empty());
  ASSERT_TRUE(catalog().commit().ok());
  EXPECT_EQ(reader->spaces().value().size(), 1U);
  EXPECT_EQ(reader->passage_of(text, a, 0).value()->slot, Slot{0});
  EXPECT_EQ(reader->set_mark("x", 1).error(), EROFS);
  EXPECT_EQ(reader->add_object(key_named("x"), ObjectKind::kFile, 0).error(), EROFS);
  EXPECT_EQ(reader->check().value(), std::vector<std::string>());
}

// A process without rights opens and reads a catalog that it may read and not write.
int read_as_nobody(const TemporaryDirectory& directory, SpaceId space, ObjectId object) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    (void)::prctl(PR_SET_DUMPABLE, 1);  // Otherwise it could not use its own /proc/self/fd.
    const auto opened = Catalog::open(system_io(), directory.fd(), Access::kReadOnly);
    if (!opened.ok()) ::_exit(3);
    Catalog& catalog = *opened.value();
    const auto passage = catalog.passage_of(space, object, 0);
    const bool is_read = passage.ok() && passage.value().has_value() &&
                         catalog.mark("x", 0).value() == 5 && catalog.check().value().empty();
    const bool is_refused = catalog.set_mark("x", 1).error() == EROFS;
    ::_exit(is_read && is_refused ? 0 : 4);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Transactions, AreReadWithoutAnyRightToWrite) {
  const SpaceId text = space("text");
  const ObjectId a = file("a");
  put(text, a);
  ASSERT_TRUE(catalog().set_mark("x", 5).ok());
  commit_and_sync();
  // First a copy with a log that was not moved into the file, as a crash leaves it; then one
  // without.
  const TemporaryDirectory left;
  for (const char* name : {"catalog.sqlite", "catalog.sqlite-wal"}) {
    const Fd from(::openat(directory_.fd().get(), name, O_RDONLY | O_CLOEXEC));
    (void)left.create(name, read_all(system_io(), from, size_t{1} << 24).value());
  }
  catalog_.reset();
  for (const TemporaryDirectory* one : {&left, &directory_}) {
    (void)one->create("lock", "");
    for (const char* name : {"catalog.sqlite", "catalog.sqlite-wal", "lock"}) {
      EXPECT_EQ(::fchmodat(one->fd().get(), name, 0444, 0) == 0, one->has(name));
    }
    EXPECT_EQ(::fchmod(one->fd().get(), 0555), 0);
    EXPECT_EQ(read_as_nobody(*one, text, a), 0) << (one == &left);
    EXPECT_FALSE(one->has("catalog.sqlite-shm"));
    EXPECT_EQ(::fchmod(one->fd().get(), 0700), 0);
  }
}

TEST(OpenTest, AnswersWhatItFinds) {
  const TemporaryDirectory directory;
  EXPECT_EQ(Catalog::open(system_io(), directory.fd(), Access::kReadOnly).error(), ENOENT);
  const Fd file = directory.create("catalog.sqlite", "");
  EXPECT_EQ(Catalog::open(system_io(), directory.fd(), Access::kReadOnly).error(), ENOENT);
  EXPECT_TRUE(Catalog::open(system_io(), directory.fd(), Access::kReadWrite).ok())
      << "what a crash leaves of one that was being made";
  const std::string noise(10000, 'n');
  ASSERT_EQ(::pwrite(file.get(), noise.data(), noise.size(), 0), 10000);
  EXPECT_EQ(Catalog::open(system_io(), directory.fd(), Access::kReadWrite).error(), EUCLEAN);
  EXPECT_EQ(Catalog::open(system_io(), directory.fd(), Access::kReadOnly).error(), EUCLEAN);
}

TEST(OpenTest, RefusesNewerAndForeignOnes) {
  for (const auto& [sql, error] : std::vector<std::pair<const char*, int>>{
           {"PRAGMA user_version = 2", ENOTSUP},
           {"PRAGMA user_version = 0", EUCLEAN},
           {"PRAGMA application_id = 7", EUCLEAN},
           {"CREATE TABLE more (x)", EUCLEAN},
           {"CREATE TRIGGER t AFTER DELETE ON marks BEGIN SELECT 1; END", EUCLEAN},
           {"CREATE VIEW v AS SELECT 1", EUCLEAN},
           {"DROP INDEX names_by_object", EUCLEAN},
           {"PRAGMA journal_mode = DELETE", EUCLEAN},
           {"DELETE FROM counters", EUCLEAN},
           {"UPDATE counters SET last_object = 0", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, 'x', 0, 1, 1, 16, 200, 0, 1, 0, 0)", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, '../x', 4, 1, 1, 16, 200, 0, 1, 0, 0)", EUCLEAN},
           {"INSERT INTO spaces VALUES (-1, 'x', 4, 1, 1, 16, 200, 0, 1, 0, 0)", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, 'x', 4, 257, 1, 16, 200, 0, 1, 0, 0)", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, 'x', 4, 1, 1, 16, 200, 0, 3, 0, 0)", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, 'x', 4, 1, 1, 16, 200, 0, 1, 0, 9)", EUCLEAN},
           {"INSERT INTO spaces VALUES (1, 'x', 4, 1, 1, 16, 200, 0, 2, 0, 0)", EUCLEAN},
           {"UPDATE counters SET fresh = -1", EUCLEAN},
           {"ANALYZE", 0},
           {"VACUUM", 0}}) {
    const TemporaryDirectory directory;
    ASSERT_TRUE(Catalog::open(system_io(), directory.fd(), Access::kReadWrite).ok());
    {
      Sqlite other;
      ASSERT_TRUE(other.open(path_of(directory), Sqlite::Open::kReadWrite).ok());
      ASSERT_TRUE(other.exec(sql).ok()) << sql;
    }
    EXPECT_EQ(Catalog::open(system_io(), directory.fd(), Access::kReadWrite).error(), error) << sql;
  }
}

TEST_F(Transactions, SyncRunsBesideChanges) {
  const SpaceId text = space("text");
  std::atomic<bool> done{false};
  std::thread syncer([&] {
    while (!done) EXPECT_TRUE(catalog().sync().ok());
  });
  for (int i = 0; i < 1000; ++i) {
    put(text, file(std::to_string(i)));
    EXPECT_TRUE(i % 50 != 0 || catalog().commit().ok());
  }
  done = true;
  syncer.join();
}

TEST(SyncTest, AFailedOneIsFinal) {
  const TemporaryDirectory directory;
  (void)Catalog::open(system_io(), directory.fd(), Access::kReadWrite);
  // Steps 0 to 3 are those of opening: create, open the log, fdatasync, fsync.
  FaultIo io(directory.fd().get(), {.step = 4});
  const auto catalog = Catalog::open(io, directory.fd(), Access::kReadWrite).value();
  ASSERT_TRUE(catalog->set_mark("a", 1).ok());
  ASSERT_TRUE(catalog->commit().ok());
  EXPECT_EQ(catalog->sync().error(), EIO);
  EXPECT_TRUE(io.fired());
  EXPECT_EQ(catalog->sync().error(), EIO);
  EXPECT_EQ(catalog->set_mark("a", 2).error(), EIO);
  EXPECT_EQ(catalog->commit().error(), 0) << "nothing to do";
  EXPECT_EQ(catalog->checkpoint().error(), EIO);
  EXPECT_TRUE(catalog->roll_back().ok());
  EXPECT_EQ(catalog->set_mark("a", 2).error(), EIO) << "a roll-back does not mend it";
  EXPECT_EQ(catalog->mark("a", 0).value(), 1) << "reading goes on";
}

}  // namespace
}  // namespace vexfs::store
