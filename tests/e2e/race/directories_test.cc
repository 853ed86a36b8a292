// Directories that move while others work in them.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include <memory>
#include <set>

#include "tests/e2e/race/race.h"

namespace vexfs::e2e {
namespace {

constexpr int kDirectories = 4;
constexpr int kNamesEach = 8;

class DirectoryRace : public RaceTest {
 protected:
  void SetUp() override {
    RaceTest::SetUp();
    for (int i = 0; i < kDirectories; ++i) make_dir("d" + std::to_string(i));
  }
  std::string directory(int index) const { return path("d" + std::to_string(index)); }

  // Exchanges directories, hides one in another and takes it out again: one process alone does it,
  // so each call has to succeed.
  int move_about(Worker& worker) const {
    for (int i = 0; i < operations(); ++i) {
      const int one = worker.below(kDirectories);
      const int other = (one + 1 + worker.below(kDirectories - 1)) % kDirectories;
      const std::string inner = directory(other) + "/inner";
      if (i % 2 == 0) {
        if (::renameat2(AT_FDCWD, directory(one).c_str(), AT_FDCWD, directory(other).c_str(),
                        RENAME_EXCHANGE) != 0) {
          return worker.wrong("exchange");
        }
      } else if (::rename(directory(one).c_str(), inner.c_str()) != 0 ||
                 ::rename(inner.c_str(), directory(one).c_str()) != 0) {
        return worker.wrong("move in and out");
      }
    }
    return Worker::fine();
  }

  // Works on names of its own in a directory that it holds open. Nobody else touches the names, so
  // it knows what each call must answer, wherever the directory is.
  int work_inside(Worker& worker) const {
    const Fd parent(::open(directory(worker.index() % kDirectories).c_str(),
                           O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.valid()) return errno == ENOENT ? Worker::fine() : worker.wrong("open");
    std::set<int> there;
    for (int i = 0; i < operations(); ++i) {
      const int number = worker.below(kNamesEach);
      const std::string name = own_name(worker, number);
      const bool exists = there.contains(number);
      if (worker.below(2) == 0) {
        const Fd fd(
            ::openat(parent.get(), name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
        if (fd.valid() == exists) return worker.wrong("create " + name);
        if (!fd.valid() && errno != EEXIST) return worker.wrong("create " + name);
        if (fd.valid() && !write_at(fd.get(), name, 0)) return worker.wrong("write");
        there.insert(number);
      } else {
        const bool removed = ::unlinkat(parent.get(), name.c_str(), 0) == 0;
        if (removed != exists) return worker.wrong("unlink " + name);
        there.erase(number);
      }
      if (i % 32 == 0 && !lists(parent.get(), worker, there)) return worker.wrong("listing");
    }
    return Worker::fine();
  }

  static std::string own_name(const Worker& worker, int number) {
    return "own" + std::to_string(worker.index()) + "-" + std::to_string(number);
  }

  // A listing shows every name that stayed, once, and none that is gone.
  static bool lists(int parent, const Worker& worker, const std::set<int>& there) {
    const int copy = ::openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy), ::closedir);
    if (!stream) return false;
    const std::string prefix = own_name(worker, 0).substr(0, own_name(worker, 0).size() - 1);
    std::multiset<std::string> found;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
      if (std::string(entry->d_name).starts_with(prefix)) found.insert(entry->d_name);
    }
    if (errno != 0) return false;
    std::multiset<std::string> expected;
    for (const int number : there) expected.insert(own_name(worker, number));
    return found == expected;
  }
};

TEST_F(DirectoryRace, WorkGoesOnInsideMovingDirectories) {
  std::vector<Body> bodies{[this](Worker& worker) { return move_about(worker); }};
  for (int i = 1; i < processes(); ++i) {
    bodies.emplace_back([this](Worker& worker) { return work_inside(worker); });
  }
  race(bodies);
  for (int i = 0; i < kDirectories; ++i) EXPECT_TRUE(exists("d" + std::to_string(i)));
  expect_same_behind();
}

// mkdir, rmdir and renames of directories onto each other: no directory is removed while something
// is in it, and the link counts of the parents are right in the end.
TEST_F(DirectoryRace, TreesGrowAndShrink) {
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      const std::string parent = directory(worker.below(kDirectories));
      const std::string name = parent + "/sub" + std::to_string(worker.below(3));
      const std::string leaf = name + "/leaf";
      switch (worker.below(5)) {
        case 0:
          if (!worker.allowed(::mkdir(name.c_str(), 0700), {EEXIST})) return worker.wrong("mkdir");
          break;
        case 1:
          if (!worker.allowed(::mkdir(leaf.c_str(), 0700), {EEXIST, ENOENT})) {
            return worker.wrong("mkdir leaf");
          }
          break;
        case 2:
          if (!worker.allowed(::rmdir(leaf.c_str()), {ENOENT})) return worker.wrong("rmdir leaf");
          break;
        case 3:
          if (!worker.allowed(::rmdir(name.c_str()), {ENOENT, ENOTEMPTY})) {
            return worker.wrong("rmdir");
          }
          break;
        default: {
          const std::string to = directory(worker.below(kDirectories)) + "/sub0";
          if (!worker.allowed(::rename(name.c_str(), to.c_str()), {ENOENT, ENOTEMPTY, EEXIST})) {
            return worker.wrong("rename");
          }
        }
      }
    }
    return Worker::fine();
  });
  expect_same_behind();
}

}  // namespace
}  // namespace vexfs::e2e
