// Calls that only one process can win: each of them makes a lock that is never held twice.
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <new>

#include "tests/e2e/race/race.h"

namespace vexfs::e2e {
namespace {

struct Shared {
  std::atomic<int> holders{0};
  std::atomic<int> won{0};
};

class ExclusionRace : public RaceTest {
 protected:
  using Call = std::function<int(Worker&)>;

  void SetUp() override {
    RaceTest::SetUp();
    void* memory =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(MAP_FAILED, memory);
    shared_ = new (memory) Shared;
  }
  void TearDown() override {
    ::munmap(shared_, sizeof(Shared));
    RaceTest::TearDown();
  }

  std::string lock() const { return path("lock"); }
  // A name that one process alone uses.
  std::string own(const Worker& worker) const {
    return path("own" + std::to_string(worker.index()));
  }

  // `take` makes the lock or fails with EEXIST; `release` removes what `take` made.
  void run(const Call& take, const Call& release) {
    race([&](Worker& worker) {
      for (int i = 0; i < operations(); ++i) {
        if (take(worker) == -1) {
          if (errno != EEXIST) return worker.wrong("taking the lock");
          continue;
        }
        if (shared_->holders.fetch_add(1) != 0) return worker.wrong("the lock is held twice");
        shared_->won.fetch_add(1);
        if (i % 8 == 0) ::sched_yield();
        shared_->holders.fetch_sub(1);
        if (release(worker) == -1) return worker.wrong("releasing the lock");
      }
      return Worker::fine();
    });
    EXPECT_GT(shared_->won.load(), 0);
    EXPECT_FALSE(exists("lock"));
    expect_same_behind();
  }

  int remove_lock() const { return ::unlink(lock().c_str()); }

 private:
  Shared* shared_ = nullptr;
};

TEST_F(ExclusionRace, CreateExclusive) {
  run(
      [this](Worker&) {
        const Fd fd(::open(lock().c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
        return fd.valid() ? 0 : -1;
      },
      [this](Worker&) { return remove_lock(); });
}

TEST_F(ExclusionRace, MakeDirectory) {
  run([this](Worker&) { return ::mkdir(lock().c_str(), 0700); },
      [this](Worker&) { return ::rmdir(lock().c_str()); });
}

TEST_F(ExclusionRace, Symlink) {
  run([this](Worker& worker) { return ::symlink(own(worker).c_str(), lock().c_str()); },
      [this](Worker&) { return remove_lock(); });
}

TEST_F(ExclusionRace, MakeNode) {
  run([this](Worker&) { return ::mknod(lock().c_str(), S_IFIFO | 0600, 0); },
      [this](Worker&) { return remove_lock(); });
}

TEST_F(ExclusionRace, Link) {
  for (int i = 0; i < processes(); ++i) make_file("own" + std::to_string(i));
  run([this](Worker& worker) { return ::link(own(worker).c_str(), lock().c_str()); },
      [this](Worker&) { return remove_lock(); });
}

TEST_F(ExclusionRace, RenameWithoutReplacing) {
  for (int i = 0; i < processes(); ++i) make_file("own" + std::to_string(i));
  const auto move = [](const std::string& from, const std::string& to) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  };
  run([&](Worker& worker) { return move(own(worker), lock()); },
      [&](Worker& worker) { return move(lock(), own(worker)); });
}

}  // namespace
}  // namespace vexfs::e2e
