// FaultDisk: for tests, the disk under a catalog. It counts the steps that the catalog and SQLite
// take, fails chosen ones, and knows what a loss of power would leave.
//
// It does what FaultIo does for files of ours, SQLite's own writes included: its functions replace
// those of the VFS through which the catalog opens its files. Beside the real files, a model keeps
// what is durable (the bytes as of a file's last good sync) and each write since. A failed sync
// loses these writes for good, whatever later syncs answer: that is what kernels do, and what code
// that retries a sync gets wrong. The log's index (`-shm`) never survives.
#ifndef VEXFS_STORE_TESTING_FAULT_DISK_H_
#define VEXFS_STORE_TESTING_FAULT_DISK_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/durable_file.h"
#include "base/file_io.h"
#include "store/sqlite.h"

namespace vexfs::store {

// There is one at a time, for one thread. Catalogs that are opened while it lives use it.
class FaultDisk final : public FileIo {
 public:
  enum class Fault {
    kError,  // The step fails with EIO and does nothing.
    kFull,   // A write writes half, then the disk is full. Other steps fail as with kError.
  };
  struct FailAt {
    int step = -1;  // The step that fails, counted from 0; with -1 none does.
    Fault fault = Fault::kError;
    bool persistent = false;  // All later steps fail too: the power went off.
  };

  explicit FaultDisk(const FailAt& plan) : plan_(plan) {
    // The VFS is registered when the first catalog is opened.
    Sqlite any;
    (void)any.open("/dev/null", Sqlite::Open::kReadWrite);
    vfs_ = ::sqlite3_vfs_find("vexfs");
    EXPECT_NE(vfs_, nullptr);
    EXPECT_EQ(active_, nullptr);
    active_ = this;
    kept_ = *vfs_;
    vfs_->szOsFile = static_cast<int>(sizeof(File)) + kept_.szOsFile;
    vfs_->xOpen = &on_open;
    vfs_->xDelete = &on_delete;
  }
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;
  // Every catalog that was opened while it lived is closed by now.
  ~FaultDisk() override {
    vfs_->szOsFile = kept_.szOsFile;
    vfs_->xOpen = kept_.xOpen;
    vfs_->xDelete = kept_.xDelete;
    active_ = nullptr;
  }

  // Whether the plan's step was reached.
  bool fired() const { return plan_.step >= 0 && steps_ > plan_.step; }
  int steps() const { return steps_; }

  // What a loss of power keeps of the writes that were not synced: none, all, or some sectors of
  // 512 bytes, as the disk happened to write them.
  enum class Keep { kSynced, kAll, kSome };
  std::map<std::string, std::string> after_power_loss(Keep keep, std::mt19937& random) const {
    std::map<std::string, std::string> files;
    for (const auto& [name, model] : files_) {
      const bool there = keep == Keep::kSynced ? model.durable_name
                         : keep == Keep::kAll
                             ? model.name
                             : (random() % 2 != 0 ? model.name : model.durable_name);
      if (!there) continue;
      std::string bytes = keep == Keep::kAll ? model.now : model.durable;
      if (keep == Keep::kSome) {
        for (const Change& change : model.unsynced) apply_some(change, bytes, random);
      }
      files[name] = std::move(bytes);
    }
    return files;
  }

  // --- The catalog's own calls.
  int openat(int dir, const char* name, int flags, mode_t mode) override {
    if ((flags & O_CREAT) != 0 && next_step()) return -1;
    const int fd = ::openat(dir, name, flags, mode);
    if (fd >= 0) files_[name].name = true;
    return fd;
  }
  int fdatasync(int fd) override { return fsync(fd); }
  int fsync(int fd) override {
    if (next_step()) {
      if (Model* const model = of(fd)) model->unsynced.clear();
      return -1;
    }
    if (Model* const model = of(fd)) {
      sync(*model);
    } else {  // The descriptor is the directory's.
      for (auto& [name, model_of] : files_) model_of.durable_name = model_of.name;
    }
    return 0;
  }
  ssize_t pread(int, void*, size_t, off_t) override { return refuse(); }
  ssize_t pwrite(int, const void*, size_t, off_t) override { return refuse(); }
  int renameat(int, const char*, int, const char*) override { return refuse(); }
  int unlinkat(int, const char*, int) override { return refuse(); }
  int mkdirat(int, const char*, mode_t) override { return refuse(); }
  int fallocate(int, int, off_t, off_t) override { return refuse(); }
  int ftruncate(int, off_t) override { return refuse(); }

 private:
  // A write at an offset, or a change of the file's size.
  struct Change {
    uint64_t offset = 0;
    std::optional<std::string> bytes;
  };
  struct Model {
    bool name = true;
    bool durable_name = false;
    std::string now;
    std::string durable;
    std::vector<Change> unsynced;
  };
  // A file as SQLite has it: our part, and the real one behind it.
  struct File {
    sqlite3_file base;
    Model* model;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static int refuse() {
    ADD_FAILURE() << "the catalog does what the model does not know";
    errno = EIO;
    return -1;
  }
  static File* file_of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }

  static void apply(const Change& change, std::string& bytes) {
    if (!change.bytes) {
      bytes.resize(change.offset, '\0');
      return;
    }
    if (bytes.size() < change.offset + change.bytes->size()) {
      bytes.resize(change.offset + change.bytes->size(), '\0');
    }
    bytes.replace(change.offset, change.bytes->size(), *change.bytes);
  }
  static void apply_some(const Change& change, std::string& bytes, std::mt19937& random) {
    if (!change.bytes) {
      if (random() % 2 != 0) apply(change, bytes);
      return;
    }
    constexpr size_t kSector = 512;
    for (size_t at = 0; at < change.bytes->size();) {
      const size_t count =
          std::min(kSector - (change.offset + at) % kSector, change.bytes->size() - at);
      if (random() % 2 != 0) {
        apply({.offset = change.offset + at, .bytes = change.bytes->substr(at, count)}, bytes);
      }
      at += count;
    }
  }

  // Counts the step, and returns the fault that it meets, with errno set.
  std::optional<Fault> next_step() {
    const int step = steps_++;
    const bool due =
        plan_.step >= 0 && (step == plan_.step || (plan_.persistent && step > plan_.step));
    if (!due) return std::nullopt;
    errno = EIO;
    return plan_.fault;
  }
  static void note(Model& model, Change change) {
    apply(change, model.now);
    model.unsynced.push_back(std::move(change));
  }
  static void sync(Model& model) {
    for (const Change& change : model.unsynced) apply(change, model.durable);
    model.unsynced.clear();
    model.durable_name = model.name;
  }
  static std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  Model* of(int fd) {
    std::array<char, 4096> path;
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t got = ::readlink(link.c_str(), path.data(), path.size());
    if (got <= 0) return nullptr;
    const auto at = files_.find(last_part({path.data(), static_cast<size_t>(got)}));
    return at == files_.end() ? nullptr : &at->second;
  }

  // --- SQLite's calls.
  static int on_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                     int* flags_out) {
    FaultDisk& disk = *active_;
    File* const ours = new (file) File{};
    const int code = disk.kept_.xOpen(vfs, name, ours->real(), flags, flags_out);
    if (code != SQLITE_OK || name == nullptr) return code == SQLITE_OK ? SQLITE_CANTOPEN : code;
    const auto [at, added] = disk.files_.try_emplace(last_part(name));
    at->second.name = true;
    ours->model = &at->second;
    static const sqlite3_io_methods kMethods = methods();
    ours->base.pMethods = &kMethods;
    return SQLITE_OK;
  }
  static int on_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    FaultDisk& disk = *active_;
    if (disk.next_step()) return SQLITE_IOERR_DELETE;
    const int code = disk.kept_.xDelete(vfs, name, sync_directory);
    const auto at = disk.files_.find(last_part(name));
    if (code == SQLITE_OK && at != disk.files_.end()) {
      // A file that gets that name later is another one. Until then a loss of power may bring this
      // one back.
      at->second.name = false;
      if (sync_directory != 0) at->second.durable_name = false;
    }
    return code;
  }
  static int on_write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    const auto fault = active_->next_step();
    if (fault == Fault::kError) return SQLITE_IOERR_WRITE;
    const int done = fault ? count / 2 : count;
    sqlite3_file* const real = file_of(file)->real();
    const int code = real->pMethods->xWrite(real, bytes, done, offset);
    if (code != SQLITE_OK) return code;
    note(*file_of(file)->model,
         {.offset = static_cast<uint64_t>(offset),
          .bytes = std::string(static_cast<const char*>(bytes), static_cast<size_t>(done))});
    return fault ? SQLITE_FULL : SQLITE_OK;
  }
  static int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (active_->next_step()) return SQLITE_IOERR_TRUNCATE;
    sqlite3_file* const real = file_of(file)->real();
    const int code = real->pMethods->xTruncate(real, size);
    if (code == SQLITE_OK) {
      note(*file_of(file)->model, {.offset = static_cast<uint64_t>(size), .bytes = std::nullopt});
    }
    return code;
  }
  static int on_sync(sqlite3_file* file, int /*flags*/) {
    Model& model = *file_of(file)->model;
    if (active_->next_step()) {
      model.unsynced.clear();
      return SQLITE_IOERR_FSYNC;
    }
    sync(model);
    return SQLITE_OK;
  }

  // All other calls go to the real file.
  template <auto kMethod, typename... Arguments>
  static auto pass(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* const real = file_of(file)->real();
    return (real->pMethods->*kMethod)(real, arguments...);
  }
  static sqlite3_io_methods methods() {
    using M = sqlite3_io_methods;
    return {.iVersion = 2,
            .xClose = &pass<&M::xClose>,
            .xRead = &pass<&M::xRead, void*, int, sqlite3_int64>,
            .xWrite = &on_write,
            .xTruncate = &on_truncate,
            .xSync = &on_sync,
            .xFileSize = &pass<&M::xFileSize, sqlite3_int64*>,
            .xLock = &pass<&M::xLock, int>,
            .xUnlock = &pass<&M::xUnlock, int>,
            .xCheckReservedLock = &pass<&M::xCheckReservedLock, int*>,
            .xFileControl = &pass<&M::xFileControl, int, void*>,
            .xSectorSize = &pass<&M::xSectorSize>,
            .xDeviceCharacteristics = &pass<&M::xDeviceCharacteristics>,
            .xShmMap = &pass<&M::xShmMap, int, int, int, void volatile**>,
            .xShmLock = &pass<&M::xShmLock, int, int, int>,
            .xShmBarrier = &pass<&M::xShmBarrier>,
            .xShmUnmap = &pass<&M::xShmUnmap, int>,
            .xFetch = nullptr,
            .xUnfetch = nullptr};
  }

  inline static FaultDisk* active_ = nullptr;

  const FailAt plan_;
  int steps_ = 0;
  sqlite3_vfs* vfs_ = nullptr;
  sqlite3_vfs kept_{};
  std::map<std::string, Model> files_;  // A map, since the addresses of models must not change.
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_TESTING_FAULT_DISK_H_
