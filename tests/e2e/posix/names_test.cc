// Names of every byte and every length, deep trees, and many files open at once.
#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <climits>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Names = PosixTest;
using Scale = PosixTest;

std::set<std::string> names_in(const std::string& directory) {
  std::set<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(directory.c_str()), &::closedir);
  while (const dirent* entry = dir == nullptr ? nullptr : ::readdir(dir.get())) {
    names.emplace(entry->d_name);
  }
  names.erase(".");
  names.erase("..");
  return names;
}

TEST_F(Names, EveryByteExceptSlashAndNul) {
  std::set<std::string> expected;
  Fd dir = dir_fd();
  for (int value = 1; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    if (byte == '/') continue;
    for (const std::string& name : {std::string("a") + byte + "z", std::string(1, byte)}) {
      if (name == ".") continue;
      ASSERT_OK(::mknodat(dir.get(), name.c_str(), S_IFREG | 0600, 0)) << value;
      expected.insert(name);
    }
  }
  EXPECT_EQ(names_in(path()), expected);
  for (const std::string& name : expected) {
    struct stat info {};
    ASSERT_OK(::fstatat(dir.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW)) << name;
  }
}

TEST_F(Names, LengthsUpTo255Bytes) {
  const std::string longest(NAME_MAX, 'n');
  make_file(longest, "content");
  EXPECT_EQ(read_path(path(longest)), "content");
  EXPECT_EQ(names_in(path()), std::set<std::string>{longest});
  ASSERT_OK(::rename(path(longest).c_str(), path(std::string(NAME_MAX, 'm')).c_str()));
  ASSERT_OK(::link(path(std::string(NAME_MAX, 'm')).c_str(), path(longest).c_str()));
  ASSERT_OK(::unlink(path(longest).c_str()));

  const std::string over(NAME_MAX + 1, 'o');
  make_file("file");
  struct stat info {};
  EXPECT_ERRNO(ENAMETOOLONG, ::lstat(path(over).c_str(), &info));
  EXPECT_ERRNO(ENAMETOOLONG, ::open(path(over).c_str(), O_CREAT | O_RDWR, 0600));
  EXPECT_ERRNO(ENAMETOOLONG, ::mkdir(path(over).c_str(), 0700));
  EXPECT_ERRNO(ENAMETOOLONG, ::mknod(path(over).c_str(), S_IFREG | 0600, 0));
  EXPECT_ERRNO(ENAMETOOLONG, ::symlink("x", path(over).c_str()));
  EXPECT_ERRNO(ENAMETOOLONG, ::rename(path("file").c_str(), path(over).c_str()));
  EXPECT_ERRNO(ENAMETOOLONG, ::link(path("file").c_str(), path(over).c_str()));
  EXPECT_ERRNO(ENAMETOOLONG, ::unlink(path(over).c_str()));
  EXPECT_ERRNO(ENAMETOOLONG, ::rmdir(path(over).c_str()));
}

TEST_F(Names, ListingsOfLongNames) {
  std::set<std::string> expected;
  for (int i = 0; i < 600; ++i) {
    std::string name = std::to_string(i);
    name.resize(NAME_MAX, 'l');
    ASSERT_OK(::mknod(path(name).c_str(), S_IFREG | 0600, 0));
    expected.insert(name);
  }
  EXPECT_EQ(names_in(path()), expected);
}

TEST_F(Names, CaseAndNormalisationAreKept) {
  const std::set<std::string> names = {"name",      "NAME",  "Name",  "\xc3\xa9",
                                       "e\xcc\x81", "name ", " name", "-rf",
                                       "*",         "...",   "..a",   "new\nline"};
  for (const std::string& name : names) make_file(name, name);
  EXPECT_EQ(names_in(path()), names);
  for (const std::string& name : names) EXPECT_EQ(read_path(path(name)), name);
}

TEST_F(Scale, AHundredLevels) {
  constexpr int kLevels = 100;
  Fd level = dir_fd();
  std::string deepest;
  for (int depth = 0; depth < kLevels; ++depth) {
    const std::string name = "level" + std::to_string(depth);
    ASSERT_OK(::mkdirat(level.get(), name.c_str(), 0755));
    level.reset(::openat(level.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_OK(level.get());
    deepest += (depth == 0 ? "" : "/") + name;
  }
  make_file(deepest + "/file", "deep");
  EXPECT_EQ(read_path(path(deepest + "/file")), "deep");
  std::string up;
  for (int depth = 0; depth < kLevels; ++depth) up += "../";
  struct stat info {};
  ASSERT_OK(::fstatat(level.get(), up.c_str(), &info, 0));
  EXPECT_EQ(info.st_ino, stat_of("").st_ino);
  // The whole tree moves with its top.
  ASSERT_OK(::rename(path("level0").c_str(), path("moved").c_str()));
  EXPECT_EQ(read_path(path("moved" + deepest.substr(6) + "/file")), "deep");
}

TEST_F(Scale, TwoThousandFilesOpenAtOnce) {
  constexpr int kFiles = 2000;
  EXPECT_EQ(in_child([&] {
              rlimit limit{};
              ::getrlimit(RLIMIT_NOFILE, &limit);
              if (limit.rlim_max < kFiles + 100) return 100;
              limit.rlim_cur = kFiles + 100;
              if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 101;
              const Fd dir(::open(path().c_str(), O_RDONLY | O_DIRECTORY));
              std::vector<Fd> files;
              for (int i = 0; i < kFiles; ++i) {
                const std::string name = std::to_string(i);
                files.emplace_back(::openat(dir.get(), name.c_str(), O_CREAT | O_RDWR, 0600));
                if (!files.back().valid()) return errno;
                if (!write_at(files.back().get(), name, 0)) return errno;
              }
              for (int i = 0; i < kFiles; ++i) {
                char buffer[16];
                const std::string name = std::to_string(i);
                const ssize_t got = ::pread(files[static_cast<size_t>(i)].get(), buffer, 16, 0);
                if (got < 0 || std::string(buffer, static_cast<size_t>(got)) != name) return 102;
                if (::unlinkat(dir.get(), name.c_str(), 0) != 0) return 103;
              }
              return 0;
            }),
            0);
}

TEST_F(Scale, OneFileOpenedManyTimes) {
  make_file("file", "content");
  std::vector<Fd> files;
  for (int i = 0; i < 500; ++i) {
    files.push_back(open_fd(path("file"), i % 2 == 0 ? O_RDONLY : O_RDWR));
    ASSERT_TRUE(files.back().valid());
  }
  ASSERT_TRUE(write_at(files[1].get(), "C", 0));
  for (const Fd& file : files) ASSERT_EQ(read_all(file.get()), "Content");
}

}  // namespace
}  // namespace vexfs::e2e
