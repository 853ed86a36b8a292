// Operations on names and attributes. Each step handles the next file of the working directory, so
// that `stat` after `create` meets files in the order in which they were made.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "op.h"

namespace vexfs::bench {
namespace {

constexpr size_t kContentBytes = 100;
constexpr size_t kXattrBytes = 512;
constexpr const char* kXattrName = "user.bench";
constexpr std::array<char, kXattrBytes> kContent{};

// "f0000042": a letter for the kind of thing and its number, made without printf, which would cost
// as much as a warm stat.
class Name {
 public:
  Name(char kind, uint64_t number) {
    text_[0] = kind;
    for (size_t digit = kDigits; digit > 0; --digit, number /= 10) {
      text_[digit] = static_cast<char>('0' + number % 10);
    }
  }
  const char* c_str() const { return text_.data(); }

 private:
  static constexpr size_t kDigits = 7;
  std::array<char, kDigits + 2> text_{};
};

void require(bool done, const char* what, const Name& name) {
  if (!done) die(what, name.c_str());
}

void make_file(const Name& name, size_t bytes) {
  Fd fd(::open(name.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644));
  require(fd.valid(), "create", name);
  if (bytes == 0) return;
  require(::write(fd.get(), kContent.data(), bytes) == static_cast<ssize_t>(bytes), "write", name);
}

void prepare_files(Work& work) {
  for (uint64_t i = 0; i < work.options.count; ++i) make_file(Name('f', i), kContentBytes);
}

void prepare_xattrs(Work& work) {
  prepare_files(work);
  for (uint64_t i = 0; i < work.options.count; ++i) {
    const Name name('f', i);
    require(::setxattr(name.c_str(), kXattrName, kContent.data(), kXattrBytes, 0) == 0, "setxattr",
            name);
  }
}

void prepare_dirs(Work& work) {
  for (uint64_t i = 0; i < work.options.count; ++i) {
    const Name name('d', i);
    require(::mkdir(name.c_str(), 0755) == 0, "mkdir", name);
  }
}

void know_files(Work& work) {
  for (uint64_t i = 0; i < work.options.count; ++i) {
    const Name name('f', i);
    struct stat attributes;
    require(::lstat(name.c_str(), &attributes) == 0, "stat", name);
  }
}

uint64_t create_empty(Work&, uint64_t i) {
  make_file(Name('n', i), 0);
  return 1;
}

uint64_t create_write(Work&, uint64_t i) {
  make_file(Name('n', i), kContentBytes);
  return 1;
}

uint64_t stat_file(Work&, uint64_t i) {
  const Name name('f', i);
  struct stat attributes;
  require(::lstat(name.c_str(), &attributes) == 0, "stat", name);
  return 1;
}

uint64_t stat_missing(Work&, uint64_t i) {
  const Name name('m', i);
  struct stat attributes;
  require(::lstat(name.c_str(), &attributes) != 0 && errno == ENOENT, "stat of a missing file",
          name);
  return 1;
}

uint64_t open_read(Work&, uint64_t i) {
  const Name name('f', i);
  Fd fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  require(fd.valid(), "open", name);
  std::array<char, 4096> buffer;
  require(::read(fd.get(), buffer.data(), buffer.size()) == kContentBytes, "read", name);
  return 1;
}

// A step lists the whole directory; each entry counts as an operation.
uint64_t list_directory(Work&, bool attributes_too) {
  DIR* dir = ::opendir(".");
  if (dir == nullptr) die("opendir");
  uint64_t entries = 0;
  while (const dirent* entry = ::readdir(dir)) {
    if (entry->d_name[0] == '.') continue;
    struct stat attributes;
    if (attributes_too &&
        ::fstatat(::dirfd(dir), entry->d_name, &attributes, AT_SYMLINK_NOFOLLOW) != 0) {
      die("stat", entry->d_name);
    }
    ++entries;
  }
  ::closedir(dir);
  if (entries == 0) die("an empty directory");
  return entries;
}

uint64_t list_names(Work& work, uint64_t) { return list_directory(work, false); }
uint64_t list_attributes(Work& work, uint64_t) { return list_directory(work, true); }

uint64_t rename_file(Work&, uint64_t i) {
  const Name name('f', i);
  require(::rename(name.c_str(), Name('r', i).c_str()) == 0, "rename", name);
  return 1;
}

uint64_t unlink_file(Work&, uint64_t i) {
  const Name name('f', i);
  require(::unlink(name.c_str()) == 0, "unlink", name);
  return 1;
}

uint64_t make_directory(Work&, uint64_t i) {
  const Name name('d', i);
  require(::mkdir(name.c_str(), 0755) == 0, "mkdir", name);
  return 1;
}

uint64_t remove_directory(Work&, uint64_t i) {
  const Name name('d', i);
  require(::rmdir(name.c_str()) == 0, "rmdir", name);
  return 1;
}

uint64_t symlink_readlink(Work&, uint64_t i) {
  const Name name('s', i);
  require(::symlink("some/target", name.c_str()) == 0, "symlink", name);
  std::array<char, 64> target;
  require(::readlink(name.c_str(), target.data(), target.size()) == 11, "readlink", name);
  return 1;
}

uint64_t link_file(Work&, uint64_t i) {
  const Name name('f', i);
  require(::link(name.c_str(), Name('l', i).c_str()) == 0, "link", name);
  return 1;
}

uint64_t chmod_file(Work&, uint64_t i) {
  const Name name('f', i);
  require(::chmod(name.c_str(), 0600) == 0, "chmod", name);
  return 1;
}

uint64_t set_times(Work&, uint64_t i) {
  const Name name('f', i);
  const timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
  require(::utimensat(AT_FDCWD, name.c_str(), times, 0) == 0, "utimensat", name);
  return 1;
}

uint64_t get_xattr(Work&, uint64_t i) {
  const Name name('f', i);
  std::array<char, kXattrBytes> value;
  require(::getxattr(name.c_str(), kXattrName, value.data(), value.size()) == kXattrBytes,
          "getxattr", name);
  return 1;
}

uint64_t set_xattr(Work&, uint64_t i) {
  const Name name('f', i);
  require(::setxattr(name.c_str(), kXattrName, kContent.data(), kXattrBytes, 0) == 0, "setxattr",
          name);
  return 1;
}

uint64_t list_xattrs(Work&, uint64_t i) {
  const Name name('f', i);
  std::array<char, 1024> names;
  require(::listxattr(name.c_str(), names.data(), names.size()) > 0, "listxattr", name);
  return 1;
}

uint64_t stat_filesystem(Work&, uint64_t) {
  struct statvfs attributes;
  if (::statvfs(".", &attributes) != 0) die("statvfs");
  return 1;
}

constexpr Op kMetadataOps[] = {
    {"create", "create an empty file and close it", nullptr, nullptr, create_empty, nullptr, 0},
    {"create_write", "create a file, write 100 bytes, close it", nullptr, nullptr, create_write,
     nullptr, 0},
    {"stat", "lstat of a file seen for the first time in this process", prepare_files, nullptr,
     stat_file, nullptr, 0},
    {"stat_warm", "lstat of a file seen just before", prepare_files, know_files, stat_file, nullptr,
     0},
    {"stat_missing", "lstat of a name that does not exist", nullptr, nullptr, stat_missing, nullptr,
     0},
    {"open_read", "open a known file, read its 100 bytes, close it", prepare_files, know_files,
     open_read, nullptr, 0},
    {"readdir", "list a directory of --count files, per entry", prepare_files, nullptr, list_names,
     nullptr, 0},
    {"readdirplus", "the same with lstat of each entry (ls -l)", prepare_files, nullptr,
     list_attributes, nullptr, 0},
    {"rename", "rename a known file in its directory", prepare_files, know_files, rename_file,
     nullptr, 0},
    {"unlink", "remove a known file", prepare_files, know_files, unlink_file, nullptr, 0},
    {"mkdir", "make a directory", nullptr, nullptr, make_directory, nullptr, 0},
    {"rmdir", "remove an empty directory", prepare_dirs, nullptr, remove_directory, nullptr, 0},
    {"symlink", "make a symbolic link and read it", nullptr, nullptr, symlink_readlink, nullptr, 0},
    {"link", "make a hard link to a known file", prepare_files, know_files, link_file, nullptr, 0},
    {"chmod", "chmod of a known file", prepare_files, know_files, chmod_file, nullptr, 0},
    {"utimens", "set both times of a known file", prepare_files, know_files, set_times, nullptr, 0},
    {"getxattr", "read a 512-byte attribute of a known file", prepare_xattrs, know_files, get_xattr,
     nullptr, 0},
    {"setxattr", "set a 512-byte attribute of a known file", prepare_files, know_files, set_xattr,
     nullptr, 0},
    {"listxattr", "list the attributes of a known file", prepare_xattrs, know_files, list_xattrs,
     nullptr, 0},
    {"statfs", "statvfs of the directory", nullptr, nullptr, stat_filesystem, nullptr, 0},
};

}  // namespace

std::span<const Op> metadata_ops() { return kMetadataOps; }

}  // namespace vexfs::bench
