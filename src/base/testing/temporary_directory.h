// TemporaryDirectory: for tests, a ScratchDirectory that is open.
#ifndef VEXFS_BASE_TESTING_TEMPORARY_DIRECTORY_H_
#define VEXFS_BASE_TESTING_TEMPORARY_DIRECTORY_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <system_error>

#include "base/fd.h"
#include "base/scratch_directory.h"

namespace vexfs {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    EXPECT_FALSE(path().empty());
    fd_ = Fd(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    EXPECT_TRUE(fd_.valid());
  }
  ~TemporaryDirectory() {
    const std::error_code error = scratch_.remove();
    EXPECT_FALSE(error) << error.message();
  }

  const Fd& fd() const { return fd_; }
  const std::string& path() const { return scratch_.path(); }
  std::string path(std::string_view name) const { return path() + '/' + std::string(name); }
  bool has(const char* name) const { return ::faccessat(fd_.get(), name, F_OK, 0) == 0; }

  // Makes a new file with these bytes; it is open for reading and writing.
  Fd create(const char* name, std::string_view bytes) const {
    Fd file(::openat(fd_.get(), name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    EXPECT_TRUE(file.valid());
    EXPECT_EQ(::pwrite(file.get(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
    return file;
  }

 private:
  ScratchDirectory scratch_;
  Fd fd_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_TESTING_TEMPORARY_DIRECTORY_H_
