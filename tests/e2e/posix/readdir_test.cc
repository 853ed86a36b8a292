// Reading directories: entries, types, positions, and directories that change while they are read.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {
namespace {

using Readdir = PosixTest;

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};
using Dir = std::unique_ptr<DIR, CloseDir>;

struct Entry {
  ino_t inode;
  unsigned char type;
};

std::vector<std::string> rest_of(DIR* dir) {
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(dir)) names.emplace_back(entry->d_name);
  return names;
}

std::map<std::string, Entry> entries_of(const std::string& name) {
  std::map<std::string, Entry> result;
  const Dir dir(::opendir(name.c_str()));
  EXPECT_NE(dir, nullptr) << name;
  if (dir == nullptr) return result;
  while (const dirent* entry = ::readdir(dir.get())) {
    EXPECT_TRUE(result.emplace(entry->d_name, Entry{entry->d_ino, entry->d_type}).second)
        << entry->d_name << " twice";
  }
  return result;
}

TEST_F(Readdir, AnEmptyDirectoryHasDotAndDotDot) {
  make_dir("outer");
  make_dir("outer/empty");
  const auto entries = entries_of(path("outer/empty"));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.at(".").inode, stat_of("outer/empty").st_ino);
  EXPECT_EQ(entries.at("..").inode, stat_of("outer").st_ino);
}

TEST_F(Readdir, EveryEntryWithItsInodeAndType) {
  make_file("file");
  make_dir("dir");
  ASSERT_OK(::symlink("file", path("link").c_str()));
  ASSERT_OK(::mkfifo(path("fifo").c_str(), 0600));
  ASSERT_OK(::link(path("file").c_str(), path("second").c_str()));
  const auto entries = entries_of(path());
  EXPECT_EQ(entries.size(), 7U);
  const std::map<std::string, unsigned char> types = {
      {"file", DT_REG}, {"dir", DT_DIR}, {"link", DT_LNK}, {"fifo", DT_FIFO}, {"second", DT_REG}};
  for (const auto& [name, type] : types) {
    ASSERT_TRUE(entries.contains(name)) << name;
    EXPECT_EQ(entries.at(name).inode, stat_of(name).st_ino) << name;
    EXPECT_EQ(entries.at(name).type, type) << name;
  }
}

TEST_F(Readdir, ChangesShowInTheNextListing) {
  make_file("one");
  EXPECT_EQ(entries_of(path()).size(), 3U);
  make_file("two");
  EXPECT_TRUE(entries_of(path()).contains("two"));
  ASSERT_OK(::unlink(path("one").c_str()));
  EXPECT_FALSE(entries_of(path()).contains("one"));
  ASSERT_OK(::rename(path("two").c_str(), path("three").c_str()));
  const auto entries = entries_of(path());
  EXPECT_TRUE(entries.contains("three"));
  EXPECT_FALSE(entries.contains("two"));
}

TEST_F(Readdir, RewindSeesNewFiles) {
  make_file("one");
  const Dir dir(::opendir(path().c_str()));
  ASSERT_NE(dir, nullptr);
  EXPECT_EQ(rest_of(dir.get()).size(), 3U);
  make_file("two");
  ::rewinddir(dir.get());
  const auto names = rest_of(dir.get());
  EXPECT_EQ(names.size(), 4U);
  EXPECT_NE(std::find(names.begin(), names.end(), "two"), names.end());
}

TEST_F(Readdir, PositionsCanBeReturnedTo) {
  for (int i = 0; i < 500; ++i) make_file("file" + std::to_string(i));
  const Dir dir(::opendir(path().c_str()));
  ASSERT_NE(dir, nullptr);
  std::vector<long> positions;
  std::vector<std::string> names;
  for (;;) {
    const long position = ::telldir(dir.get());
    const dirent* entry = ::readdir(dir.get());
    if (entry == nullptr) break;
    positions.push_back(position);
    names.emplace_back(entry->d_name);
  }
  ASSERT_EQ(names.size(), 502U);
  for (const size_t index : {501UL, 250UL, 3UL, 400UL, 0UL, 1UL}) {
    ::seekdir(dir.get(), positions[index]);
    const dirent* entry = ::readdir(dir.get());
    ASSERT_NE(entry, nullptr) << index;
    EXPECT_EQ(names[index], entry->d_name);
    EXPECT_EQ(rest_of(dir.get()).size(), names.size() - index - 1);
  }
}

TEST_F(Readdir, EndStaysTheEnd) {
  make_file("file");
  const Dir dir(::opendir(path().c_str()));
  rest_of(dir.get());
  EXPECT_EQ(::readdir(dir.get()), nullptr);
  EXPECT_EQ(::readdir(dir.get()), nullptr);
}

TEST_F(Readdir, TwoReadersKeepTheirOwnPositions) {
  for (int i = 0; i < 50; ++i) make_file("file" + std::to_string(i));
  const Dir one(::opendir(path().c_str()));
  const Dir two(::opendir(path().c_str()));
  for (int i = 0; i < 10; ++i) ASSERT_NE(::readdir(one.get()), nullptr);
  EXPECT_EQ(rest_of(two.get()).size(), 52U);
  EXPECT_EQ(rest_of(one.get()).size(), 42U);
}

TEST_F(Readdir, PermissionIsChecked) {
  if (environment().privileged) GTEST_SKIP() << "root passes";
  make_dir("closed");
  make_file("closed/file");
  ASSERT_OK(::chmod(path("closed").c_str(), 0300));
  EXPECT_ERRNO(EACCES, ::open(path("closed").c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_OK(::chmod(path("closed").c_str(), 0700));
}

TEST_F(Readdir, RemovingWhatWasReadEmptiesTheDirectory) {
  // What `rm -r` does: entries go while the listing is under way.
  make_dir("dir");
  for (int i = 0; i < 3000; ++i) {
    const std::string name = path("dir/file" + std::to_string(i));
    ASSERT_OK(::mknod(name.c_str(), S_IFREG | 0600, 0));
  }
  const Dir dir(::opendir(path("dir").c_str()));
  ASSERT_NE(dir, nullptr);
  int removed = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    if (entry->d_name[0] == '.') continue;
    ASSERT_OK(::unlinkat(::dirfd(dir.get()), entry->d_name, 0)) << entry->d_name;
    ++removed;
  }
  EXPECT_EQ(removed, 3000);
  EXPECT_OK(::rmdir(path("dir").c_str()));
}

// 100,000 names of one file. They are made behind the mount where that can be reached, which is
// faster; the directory is not looked at through the mount before.
TEST_F(Readdir, AHundredThousandEntriesWhileTheyChange) {
  constexpr int kEntries = 100000;
  constexpr int kLinksPerFile = 1000;
  make_dir("dir");
  const std::string made_in = has_backing() ? backing("dir") : path("dir");
  Fd maker = open_fd(made_in, O_RDONLY | O_DIRECTORY);
  ASSERT_TRUE(maker.valid());
  const auto name_of = [](int i) { return "stays" + std::to_string(i); };
  for (int i = 0; i < kEntries; ++i) {
    if (i % kLinksPerFile == 0) {
      Fd file(::openat(maker.get(), name_of(i).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
      ASSERT_OK(file.get());
    } else {
      const std::string first = name_of(i - i % kLinksPerFile);
      ASSERT_OK(::linkat(maker.get(), first.c_str(), maker.get(), name_of(i).c_str(), 0));
    }
  }

  Fd changer = dir_fd("dir");
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK(::mknodat(changer.get(), ("goes" + std::to_string(i)).c_str(), S_IFREG | 0600, 0));
  }
  const Dir dir(::opendir(path("dir").c_str()));
  ASSERT_NE(dir, nullptr);
  std::vector<bool> seen(kEntries);
  int stays = 0;
  int at = 0;
  int changes = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name.starts_with("stays")) {
      const auto index = static_cast<size_t>(std::stoi(name.substr(5)));
      ASSERT_FALSE(seen[index]) << name << " twice";
      seen[index] = true;
      ++stays;
    }
    if (++at % 500 == 0 && changes < 200) {
      const std::string number = std::to_string(changes++);
      ASSERT_OK(::unlinkat(changer.get(), ("goes" + number).c_str(), 0));
      ASSERT_OK(::mknodat(changer.get(), ("comes" + number).c_str(), S_IFREG | 0600, 0));
    }
  }
  EXPECT_EQ(stays, kEntries);
  EXPECT_GE(changes, 200);
  if (has_backing()) {
    for (int i = 0; i < kEntries; ++i) {
      ASSERT_OK(::unlinkat(maker.get(), name_of(i).c_str(), 0));
    }
  }
}

}  // namespace
}  // namespace vexfs::e2e
