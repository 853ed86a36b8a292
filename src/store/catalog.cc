// Opening the catalog, its transactions and marks.
//
// The catalog is a SQLite database in WAL mode (https://sqlite.org/walformat.html). With
// synchronous = NORMAL its durability has three steps, each stronger than the one before:
//
//   commit()      writes frames at the end of the log. A crash keeps all of a commit or none of it,
//                 since frames are checksummed and a commit is valid once its last frame is.
//   sync()        is fdatasync of the log: what was committed before survives a loss of power.
//   checkpoint()  SQLite syncs the log, copies its pages into the file, syncs the file, and only
//                 then lets the log start again from the front. The first commit after that writes
//                 a new header with new salts and syncs it before any frame, or else old frames
//                 behind a half-written log could be taken for new ones. checkpoint() makes that
//                 commit itself, so that no caller of commit() waits for the disk.
#include "store/catalog.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/limits.h"
#include "base/log.h"
#include "store/catalog_schema.h"
#include "store/catalog_state.h"

namespace vexfs::store {
namespace {

constexpr const char* kFile = "catalog.sqlite";
constexpr const char* kLog = "catalog.sqlite-wal";
// The sizes of SQLite's WAL format: a header of the log, then frames of a header and a page.
constexpr uint64_t kLogHeaderBytes = 32;
constexpr uint64_t kFrameBytes = 24 + 4096;

// SQLite calls this at the end of each COMMIT with the number of frames in the log (wal_hook). It
// runs on the committing thread; log_bytes() is read from others, hence the atomic.
int note_log_frames(void* state, sqlite3* /*db*/, const char* /*name*/, int frames) {
  static_cast<std::atomic<uint64_t>*>(state)->store(
      kLogHeaderBytes + static_cast<uint64_t>(frames) * kFrameBytes, std::memory_order_relaxed);
  return SQLITE_OK;
}

Status make_file(FileIo& io, const Fd& directory) {
  const Fd made(
      io.openat(directory.get(), kFile, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.valid() && errno != EEXIST) return errno_status("make the catalog");
  return Status();
}

// Makes the tables of a new database. SQLite takes the page size and the kind of auto-vacuum from
// its first page, so both are set before anything is written.
Status make_tables(Sqlite& db) {
  VEXFS_CHECK_OK(db.exec("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL"));
  VEXFS_CHECK_OK(db.exec("PRAGMA journal_mode = WAL"));
  return create_catalog_schema(db);
}

}  // namespace

Catalog::State::~State() {
  // Closing the last connection makes SQLite move the log into the file. After a failure the log
  // may hold what never became durable, so it stays where it is.
  if (db.get() != nullptr && (failed || lost || db.log_faulted())) {
    (void)::sqlite3_db_config(db.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

// SQLite wants a path; this one names the directory's inode, whatever is renamed or mounted above.
std::string Catalog::State::path() const {
  return "/proc/self/fd/" + std::to_string(directory.get()) + "/" + kFile;
}

Status Catalog::State::open_writing() {
  VEXFS_CHECK_OK(make_file(io, directory));
  VEXFS_CHECK_OK(db.open(path(), Sqlite::Open::kReadWrite));
  VEXFS_CHECK_OK(db.exec(kCatalogPragmas));
  const Status schema = check_catalog_schema(db);
  if (schema.error() == ENOENT) {
    VEXFS_CHECK_OK(make_tables(db));
  } else {
    VEXFS_CHECK_OK(schema);
  }
  VEXFS_TRY(mode, db.text("PRAGMA journal_mode"));
  if (mode != "wal") return Status(EUCLEAN, "the catalog keeps no log");
  // The first read makes SQLite open or create the log, which is opened once more for sync() below.
  VEXFS_TRY(counters, db.integer("SELECT count(*) FROM counters"));
  if (counters != 1) return Status(EUCLEAN, "the catalog's counters");
  (void)::sqlite3_wal_hook(db.get(), &note_log_frames, &log_bytes);
  wal = Fd(io.openat(directory.get(), kLog, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0));
  if (!wal.valid()) return errno_status("open the catalog's log");
  // An earlier process may have died between a commit and its sync. What this process reads and
  // builds on must be durable first.
  if (io.fdatasync(wal.get()) != 0) return errno_status("sync the catalog's log");
  if (io.fsync(directory.get()) != 0) return errno_status("sync the store's directory");
  return Status();
}

// A reader needs the index of the log (the -shm file). It is there while a writer runs, and SQLite
// makes it where this process may write. Elsewhere (EACCES, EROFS) the catalog is read alone: a
// shared lock on the store's lock file keeps writers out, and the index is in our own memory.
Status Catalog::State::open_reading() {
  Status opened = db.open(path(), Sqlite::Open::kReadOnly);
  if (opened.ok()) opened = check_catalog_schema(db);
  if (opened.error() == ENOENT) return Status(ENOENT, "the store has no catalog yet");
  if (opened.error() != EACCES && opened.error() != EROFS) return opened;

  alone = Fd(::openat(directory.get(), "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (alone.valid() && ::flock(alone.get(), LOCK_SH | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? opened : errno_status("lock the store");
  }
  db.close();
  const bool has_log = ::faccessat(directory.get(), kLog, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  VEXFS_CHECK_OK(
      db.open(path(), has_log ? Sqlite::Open::kReadOnlyAlone : Sqlite::Open::kReadOnlyWithoutLog));
  const Status schema = check_catalog_schema(db);
  return schema.error() == ENOENT ? Status(ENOENT, "the store has no catalog yet") : schema;
}

Result<std::unique_ptr<Catalog>> Catalog::open(FileIo& io, const Fd& directory, Access access) {
  auto state = std::make_unique<State>(io, access == Access::kReadWrite);
  state->directory = Fd(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0));
  if (!state->directory.valid()) return errno_status("keep the store's directory");
  if (!state->writes && ::faccessat(directory.get(), kFile, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno_status("find the catalog");
  }
  VEXFS_CHECK_OK(state->writes ? state->open_writing() : state->open_reading());
  for (const CatalogStatement& sql : kSql) {
    VEXFS_CHECK_OK((*state)[sql.id].prepare(state->db, sql.text));
  }
  VEXFS_CHECK_OK(state->load());
  state->synced_change = state->last_change;  // open_writing() has synced the log.
  return std::unique_ptr<Catalog>(new Catalog(std::move(state)));
}

Catalog::Catalog(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalog::~Catalog() {
  if (state_->writes) (void)state_->end_transaction(Sql::kRollback);
}

Status Catalog::State::load() {
  changed = false;
  {
    Run run((*this)[Sql::kGetCounters]);
    VEXFS_TRY(found, run.next());
    if (!found) return Status(EUCLEAN, "the catalog has no counters");
    last_object = ObjectId{static_cast<uint64_t>(run.integer(0))};
    last_change = static_cast<ChangeNumber>(run.integer(1));
    if (run.integer(0) < 1 || run.integer(1) < 0) return Status(EUCLEAN, "the catalog's counters");
    VEXFS_TRY(counts, counts_in(run, 2));
    documents = counts;
  }
  VEXFS_CHECK_OK(load_spaces());
  // What the tables say is committed: load() runs after open() and after a roll-back only.
  committed_change = last_change;
  return Status();
}

Status Catalog::State::begin() {
  if (!writes || db.in_transaction()) return Status();
  Run run((*this)[Sql::kBegin]);
  return run.finish();
}

Status Catalog::State::begin_change() {
  if (!writes) return Status(EROFS, "the catalog is open for reading");
  if (db.log_faulted()) failed = true;  // Only a new connection makes the index anew.
  if (failed.load(std::memory_order_relaxed)) return Status(EIO, "an earlier sync failed");
  if (lost) return Status(EIO, "an earlier change failed");
  return begin();
}

Status Catalog::State::end_transaction(Sql how) {
  if (!db.in_transaction()) return Status();
  Run run((*this)[how]);
  return run.finish();
}

// Rolls back, which may run on a thread with a small stack. The counts and spaces in memory stay
// those of the lost transaction: reading them again takes more stack, and roll_back() does that.
Status Catalog::State::lose(Status why) {
  log(LogLevel::kError, "a change of the catalog failed", why);
  lost = true;
  changed = false;
  last_change = committed_change.load(std::memory_order_relaxed);
  (void)end_transaction(Sql::kRollback);
  return why;
}

Status Catalog::State::settle(Status done) {
  if (done.ok()) {
    changed = true;
  } else if (done.error() != EEXIST) {
    return lose(done);
  }
  return done;
}

Status Catalog::State::store_counts() {
  VEXFS_CHECK_OK(change(Sql::kSetCounters, signed_of(last_object), signed_of(last_change),
                        signed_of(documents.pending), signed_of(documents.fresh),
                        signed_of(documents.failed), signed_of(documents.skipped)));
  for (OpenSpace& open : spaces) {
    if (open.counted) continue;
    VEXFS_CHECK_OK(
        change(Sql::kSetVectors, signed_of(open.space.id), signed_of(open.space.vectors)));
    open.counted = true;
  }
  return Status();
}

Status Catalog::commit() {
  State& state = *state_;
  if (!state.changed) return Status();
  VEXFS_CHECK_OK(state.begin_change());
  VEXFS_CHECK_OK(state.store_counts());
  if (const Status done = state.end_transaction(Sql::kCommit); !done.ok()) return state.lose(done);
  state.changed = false;
  state.committed_change.store(state.last_change, std::memory_order_release);
  return Status();
}

Status Catalog::roll_back() {
  if (!state_->writes) return Status();
  VEXFS_CHECK_OK(state_->end_transaction(Sql::kRollback));
  VEXFS_CHECK_OK(state_->load());
  state_->lost = false;
  return Status();
}

bool Catalog::changed() const { return state_->changed; }

bool Catalog::lost() const { return state_->lost; }

Status Catalog::sync() {
  State& state = *state_;
  if (!state.writes) return Status();
  if (state.failed.load()) return Status(EIO, "an earlier sync failed");
  // The number is read before the sync: commits of meanwhile may be durable, but need not be.
  const ChangeNumber change = state.committed_change.load(std::memory_order_acquire);
  int result = 0;
  do {
    result = state.io.fdatasync(state.wal.get());
  } while (result != 0 && errno == EINTR);
  if (result != 0) {
    const Status failed = errno_status("sync the catalog's log");
    // The kernel reports a failed write-back once, and may drop the pages: a second fdatasync that
    // succeeds would prove nothing (fsync(2)). So the failure is final.
    state.failed = true;
    return failed;
  }
  state.synced_change.store(change, std::memory_order_release);
  return Status();
}

Status Catalog::checkpoint() {
  State& state = *state_;
  if (!state.writes) return Status(EROFS, "the catalog is open for reading");
  if (state.changed) return Status(EBUSY, "the catalog has changes that are not committed");
  // An open transaction, even one that only read, would keep the log from starting anew.
  VEXFS_CHECK_OK(state.begin_change());
  VEXFS_CHECK_OK(state.end_transaction(Sql::kCommit));
  const int code = ::sqlite3_wal_checkpoint_v2(state.db.get(), "main", SQLITE_CHECKPOINT_RESTART,
                                               nullptr, nullptr);
  if (code == SQLITE_BUSY) return Status();  // Another program reads: the next call moves the log.
  if (code != SQLITE_OK) {
    if ((code & 0xff) == SQLITE_IOERR) state.failed = true;  // It may have been a sync that failed.
    return sqlite_status(code, "move the catalog's log");
  }
  // This commit writes and syncs the new header of the log; see the opening of this file.
  VEXFS_CHECK_OK(state.begin_change());
  VEXFS_CHECK_OK(state.change(Sql::kCountCheckpoint));
  VEXFS_CHECK_OK(commit());
  return sync();
}

uint64_t Catalog::log_bytes() const { return state_->log_bytes.load(std::memory_order_relaxed); }

Status Catalog::set_mark(std::string_view name, int64_t value) {
  VEXFS_CHECK_OK(state_->begin_change());
  return state_->change(Sql::kSetMark, SqlText{name}, value);
}

Result<int64_t> Catalog::mark(std::string_view name, int64_t otherwise) {
  VEXFS_CHECK_OK(state_->begin());
  Run run((*state_)[Sql::kGetMark], SqlText{name});
  VEXFS_TRY(found, run.next());
  return found ? run.integer(0) : otherwise;
}

}  // namespace vexfs::store
