// TemporaryTree: for tests, an empty directory that is removed with the whole tree in it.
#ifndef VEXFS_TREE_TESTING_TEMPORARY_TREE_H_
#define VEXFS_TREE_TESTING_TEMPORARY_TREE_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::tree {

class TemporaryTree {
 public:
  TemporaryTree() { reopen(); }

  const std::string& path() const { return directory_.path(); }
  int fd() const { return fd_.get(); }
  // Call it after the directory at the path was replaced.
  void reopen() {
    fd_ = open_root();
    EXPECT_TRUE(fd_.valid());
  }
  Fd open_root() const { return Fd(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); }

  void make_directory(const std::string& name) const {
    EXPECT_EQ(::mkdirat(fd(), name.c_str(), 0755), 0) << name;
  }
  Fd make_file(const std::string& name) const {
    Fd file(::openat(fd(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    EXPECT_TRUE(file.valid()) << name;
    return file;
  }
  Fd open_path(const std::string& name) const {
    Fd file(::openat(fd(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    EXPECT_TRUE(file.valid()) << name;
    return file;
  }

 private:
  TemporaryDirectory directory_;
  Fd fd_;
};

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_TESTING_TEMPORARY_TREE_H_
