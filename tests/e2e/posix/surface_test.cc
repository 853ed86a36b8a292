// What only a VexFS mount has: the hidden `.vexfs` in every directory and the reports in it.
//
//   VEXFS_MOUNT  the root of a mount that the caller may write in. Required.
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/sanitizer.h"
#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using nlohmann::json;

class Surface : public PosixTest {
 protected:
  static void SetUpTestSuite() {
    const char* mount = std::getenv("VEXFS_MOUNT");
    ASSERT_NE(mount, nullptr) << "VEXFS_MOUNT must name a mount's root";
    ::setenv("VEXFS_TEST_DIR", mount, 1);  // Nothing has read the environment yet.
    ::unsetenv("VEXFS_BACKING_DIR");       // It would belong to another directory.
  }
  static std::string report(const char* name) {
    return environment().dir + "/.vexfs/" + std::string(name);
  }
  static json parse(const char* name) {
    const json parsed = json::parse(read_path(report(name)), nullptr, false);
    EXPECT_TRUE(parsed.is_object()) << name << " is no JSON object";
    return parsed;
  }
  static std::set<std::string> names_in(const std::string& directory) {
    std::set<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(directory.c_str()), &::closedir);
    EXPECT_NE(dir, nullptr) << directory;
    while (const dirent* entry = dir == nullptr ? nullptr : ::readdir(dir.get())) {
      names.emplace(entry->d_name);
    }
    return names;
  }
  // Samples by their full name, labels included. Fails on a line that is not Prometheus text.
  static std::map<std::string, double> metrics() {
    static const std::regex kComment(R"(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+)");
    static const std::string kLabel = R"re([a-zA-Z_][a-zA-Z0-9_]*="[^"]*")re";
    static const std::regex kSample("([a-zA-Z_:][a-zA-Z0-9_:]*(\\{" + kLabel + "(," + kLabel +
                                    ")*\\})?) ([-+0-9.eE]+|NaN|[+-]Inf)");
    std::map<std::string, double> samples;
    const std::string text = read_path(report("metrics"));
    EXPECT_TRUE(text.ends_with('\n'));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::smatch match;
      if (line.empty() || std::regex_match(line, kComment)) continue;
      if (!std::regex_match(line, match, kSample)) {
        ADD_FAILURE() << "not Prometheus text: " << line;
        continue;
      }
      EXPECT_TRUE(samples.emplace(match[1], std::stod(match[4])).second) << line << " twice";
    }
    return samples;
  }
  static double requests(const std::string& operation) {
    const auto samples = metrics();
    const auto found = samples.find("vexfs_requests_total{op=\"" + operation + "\"}");
    EXPECT_NE(found, samples.end()) << operation;
    return found == samples.end() ? -1 : found->second;
  }
  // One of everything, so that the counters and the measurements have something to show.
  void use_everything() const;
  static bool refuses(long long result) {
    return result == -1 && (errno == EPERM || errno == EACCES || errno == EROFS);
  }
};

void Surface::use_everything() const {
  for (int round = 0; round < 100; ++round) {
    make_dir("dir");
    Fd fd = create("dir/file", "content");
    EXPECT_OK(::symlink("file", path("dir/link").c_str()));
    EXPECT_OK(::mkfifo(path("dir/fifo").c_str(), 0600));
    EXPECT_OK(::link(path("dir/file").c_str(), path("dir/second").c_str()));
    EXPECT_OK(::rename(path("dir/second").c_str(), path("dir/third").c_str()));
    EXPECT_EQ(names_in(path("dir")).size(), 6U);
    ::setxattr(path("dir/file").c_str(), "user.a", "x", 1, 0);
    ::getxattr(path("dir/file").c_str(), "user.a", nullptr, 0);
    ::listxattr(path("dir/file").c_str(), nullptr, 0);
    ::removexattr(path("dir/file").c_str(), "user.a");
    EXPECT_OK(::ftruncate(fd.get(), 3));
    EXPECT_OK(::fallocate(fd.get(), 0, 0, 4096));
    EXPECT_OK(::fsync(fd.get()));
    EXPECT_OK(::lseek(fd.get(), 0, SEEK_HOLE));
    EXPECT_EQ(read_path(path("dir/third")).size(), 4096U);
    for (const char* name : {"file", "link", "fifo", "third"}) {
      EXPECT_OK(::unlink(path(std::string("dir/") + name).c_str()));
    }
    EXPECT_OK(::rmdir(path("dir").c_str()));
  }
}

TEST_F(Surface, IsFoundInEveryDirectoryAndListedInNone) {
  make_dir("dir");
  make_dir("dir/deep");
  for (const std::string& directory : {environment().dir, path(), path("dir"), path("dir/deep")}) {
    EXPECT_FALSE(names_in(directory).contains(".vexfs")) << directory;
    const struct stat info = stat_path(directory + "/.vexfs");
    EXPECT_TRUE(S_ISDIR(info.st_mode)) << directory;
    EXPECT_EQ(info.st_mode & 0222U, 0U) << "read-only";
    struct stat up {};
    EXPECT_OK(::stat((directory + "/.vexfs/..").c_str(), &up));
    EXPECT_EQ(up.st_ino, stat_path(directory).st_ino) << directory;
  }
  struct stat info {};
  make_file("file");
  EXPECT_ERRNO(ENOTDIR, ::lstat(path("file/.vexfs").c_str(), &info));
}

TEST_F(Surface, ListsItsReports) {
  const auto names = names_in(environment().dir + "/.vexfs");
  for (const char* name : {"status", "stack", "metrics"}) {
    EXPECT_TRUE(names.contains(name)) << name;
    EXPECT_TRUE(S_ISREG(stat_path(report(name)).st_mode));
  }
  struct stat info {};
  EXPECT_ERRNO(ENOENT, ::lstat(report("nothing").c_str(), &info));
}

TEST_F(Surface, RecursiveRemovalDoesNotMeetIt) {
  make_dir("dir");
  make_dir("dir/inner");
  struct stat info {};
  ASSERT_OK(::lstat(path("dir/.vexfs").c_str(), &info));
  ASSERT_OK(::lstat(path("dir/inner/.vexfs").c_str(), &info));
  EXPECT_OK(::rmdir(path("dir/inner").c_str()));
  EXPECT_OK(::rmdir(path("dir").c_str()));
}

TEST_F(Surface, ReservedNamesAnswerClearly) {
  make_file("file");
  make_dir("dir");
  const std::string reserved = path(".vexfs");
  EXPECT_ERRNO(EEXIST, ::mkdir(reserved.c_str(), 0755));
  EXPECT_ERRNO(EEXIST, ::open(reserved.c_str(), O_CREAT | O_EXCL | O_RDWR, 0644));
  EXPECT_ERRNO(EISDIR, ::open(reserved.c_str(), O_CREAT | O_RDWR, 0644));
  EXPECT_ERRNO(EEXIST, ::mknod(reserved.c_str(), S_IFREG | 0600, 0));
  EXPECT_ERRNO(EEXIST, ::symlink("x", reserved.c_str()));
  EXPECT_ERRNO(EEXIST, ::link(path("file").c_str(), reserved.c_str()));
  EXPECT_ERRNO(EISDIR, ::rename(path("file").c_str(), reserved.c_str()));
  EXPECT_ERRNO(EPERM, ::rename(path("dir").c_str(), reserved.c_str()));
  EXPECT_ERRNO(EPERM, ::renameat2(AT_FDCWD, path("dir").c_str(), AT_FDCWD, reserved.c_str(),
                                  RENAME_EXCHANGE));
  EXPECT_ERRNO(EPERM, ::rename(reserved.c_str(), path("other").c_str()));
  EXPECT_ERRNO(EISDIR, ::unlink(reserved.c_str()));
  EXPECT_ERRNO(EPERM, ::rmdir(reserved.c_str()));
  EXPECT_TRUE(exists("file"));
  EXPECT_TRUE(exists("dir"));
  EXPECT_EQ(names_in(path()), (std::set<std::string>{".", "..", "dir", "file"}));
}

TEST_F(Surface, NothingInItChanges) {
  for (const char* name : {"status", "stack", "metrics"}) {
    const std::string file = report(name);
    EXPECT_TRUE(refuses(::open(file.c_str(), O_WRONLY))) << name << " " << errno;
    EXPECT_TRUE(refuses(::open(file.c_str(), O_RDWR | O_TRUNC))) << name << " " << errno;
    EXPECT_TRUE(refuses(::truncate(file.c_str(), 0))) << name << " " << errno;
    EXPECT_TRUE(refuses(::chmod(file.c_str(), 0666))) << name << " " << errno;
    EXPECT_TRUE(refuses(::unlink(file.c_str()))) << name << " " << errno;
    EXPECT_TRUE(refuses(::rename(file.c_str(), path("taken").c_str()))) << name << " " << errno;
    EXPECT_TRUE(refuses(::link(file.c_str(), path("second").c_str()))) << name << " " << errno;
    EXPECT_NE(::setxattr(file.c_str(), "user.a", "x", 1, 0), 0) << name;
  }
  const std::string hidden = environment().dir + "/.vexfs";
  EXPECT_TRUE(refuses(::mkdir((hidden + "/new").c_str(), 0755))) << errno;
  EXPECT_TRUE(refuses(::symlink("x", (hidden + "/new").c_str()))) << errno;
  EXPECT_TRUE(refuses(::mknod((hidden + "/new").c_str(), S_IFREG | 0600, 0))) << errno;
  EXPECT_TRUE(refuses(::open((hidden + "/new").c_str(), O_CREAT | O_RDWR, 0600))) << errno;
  EXPECT_EQ(::open(hidden.c_str(), O_TMPFILE | O_RDWR, 0600), -1);
  make_file("file");
  EXPECT_TRUE(refuses(::rename(path("file").c_str(), (hidden + "/new").c_str()))) << errno;
  EXPECT_EQ(names_in(hidden),
            (std::set<std::string>{".", "..", "control", "metrics", "query", "query.f32", "saved",
                                   "search", "similar", "stack", "status"}));
}

TEST_F(Surface, ReportsReadTheSameInAnyPieces) {
  Fd fd = open_fd(report("status"), O_RDONLY);
  const std::string whole = read_all(fd.get());
  std::string pieces;
  char byte = 0;
  while (::read(fd.get(), &byte, 1) == 1) pieces += byte;
  EXPECT_EQ(pieces, whole) << "one open is one snapshot";
  ASSERT_EQ(::pread(fd.get(), &byte, 1, 5), 1);
  EXPECT_EQ(byte, whole[5]);
  EXPECT_EQ(::pread(fd.get(), &byte, 1, static_cast<off_t>(whole.size())), 0);
}

TEST_F(Surface, StatusTellsWhatTheMountIs) {
  const json status = parse("status");
  ASSERT_TRUE(status.contains("pid") && status["pid"].is_number_integer());
  const pid_t pid = status["pid"].get<pid_t>();
  EXPECT_TRUE(::kill(pid, 0) == 0 || errno == EPERM) << "pid " << pid << " lives";
  EXPECT_FALSE(status["version"].get<std::string>().empty());
  char* resolved = ::realpath(environment().dir.c_str(), nullptr);
  EXPECT_EQ(status["mountpoint"].get<std::string>(), resolved);
  std::free(resolved);
  EXPECT_TRUE(status["source"].get<std::string>().starts_with('/'));
  EXPECT_TRUE(status["identity"] == "handles" || status["identity"] == "paths");
  EXPECT_TRUE(status["passthrough"]["active"].is_boolean());
  EXPECT_TRUE(status["passthrough"]["reason"].is_string());
  EXPECT_TRUE(status["timeouts"].is_object());
  EXPECT_TRUE(status["threads"].is_object());
  EXPECT_TRUE(status["components"].is_array());
  ASSERT_TRUE(status["errors"].is_array());
  EXPECT_TRUE(status["errors"].empty()) << status["errors"];
  EXPECT_GT(status["inodes"].get<int64_t>(), 0);
  EXPECT_GT(status["rss_bytes"].get<int64_t>(), 0);
  EXPECT_GT(status["file_descriptors"].get<int64_t>(), 2);
}

TEST_F(Surface, StatusCountsOpenFilesAndForgetsThem) {
  const auto open_files = [] { return parse("status")["open_files"].get<int64_t>(); };
  const int64_t before = open_files();
  {
    std::vector<Fd> files;
    for (int i = 0; i < 50; ++i) files.push_back(create("file" + std::to_string(i)));
    EXPECT_GE(open_files(), 50);
  }
  // The daemon hears of a close later, and other programs may use the mount meanwhile.
  EXPECT_TRUE(eventually([&] { return open_files() < before + 50; }));
}

TEST_F(Surface, StatusFilesOfSubdirectoriesAgree) {
  make_dir("dir");
  const auto names = names_in(path("dir/.vexfs"));
  if (!names.contains("status")) GTEST_SKIP() << "status stands at the root only";
  const json here = json::parse(read_path(path("dir/.vexfs/status")), nullptr, false);
  EXPECT_EQ(here["pid"], parse("status")["pid"]);
}

TEST_F(Surface, StackStaysWithinWhatIsProvedAndBudgeted) {
  use_everything();
  const json stack = parse("stack");
  const auto budget = stack["filesystem_budget"].get<int64_t>();
  EXPECT_GT(budget, 0);
  EXPECT_LE(budget, stack["budget"].get<int64_t>());
  EXPECT_EQ(stack["refused"].get<int64_t>(), 0);
  ASSERT_TRUE(stack["operations"].is_object());
  int64_t deepest = 0;
  for (const auto& [name, operation] : stack["operations"].items()) {
    const auto measured = operation["measured"].get<int64_t>();
    const auto own = operation["budget"].get<int64_t>();
    EXPECT_TRUE(own == budget || own == stack["budget"].get<int64_t>()) << name;
    EXPECT_LE(measured, own) << name;
    if (!operation["proved"].is_null()) {
      const auto proved = operation["proved"].get<int64_t>();
      EXPECT_GT(proved, 0) << name;
      EXPECT_LE(proved, own) << name;
      EXPECT_LE(measured, proved) << name << " was deeper than what is proved";
    }
    deepest = std::max(deepest, measured);
  }
  EXPECT_TRUE(deepest > 0 || kSanitized) << "nothing was measured";
}

TEST_F(Surface, StackCountsItsMeasurements) {
  use_everything();
  const json stack = parse("stack");
  for (const auto& [name, operation] : stack["operations"].items()) {
    ASSERT_TRUE(operation.contains("count")) << name;
    if (operation["measured"].get<int64_t>() > 0) {
      EXPECT_GT(operation["count"].get<int64_t>(), 0) << name;
    }
  }
}

TEST_F(Surface, MetricsCountEachOperation) {
  const auto before = metrics();
  use_everything();
  const auto after = metrics();
  for (const auto& [name, value] : before) {
    ASSERT_TRUE(after.contains(name)) << name;
    if (name.starts_with("vexfs_requests_total")) {
      EXPECT_GE(after.at(name), value) << name;
    }
  }
  for (const char* operation : {"lookup", "mkdir", "create", "symlink", "mknod", "link", "rename",
                                "setattr", "fallocate", "unlink", "rmdir", "opendir", "open"}) {
    const std::string name = "vexfs_requests_total{op=\"" + std::string(operation) + "\"}";
    ASSERT_TRUE(after.contains(name)) << name;
    EXPECT_GT(after.at(name), before.contains(name) ? before.at(name) : 0) << name;
  }
}

TEST_F(Surface, PassthroughIsWhatItSaysItIs) {
  const json passthrough = parse("status")["passthrough"];
  const double before = requests("write");
  Fd fd = create("file", std::string(1 << 20, 'w'));
  EXPECT_EQ(read_all(fd.get()).size(), size_t{1} << 20);
  const double writes = requests("write") - before;
  if (passthrough["active"].get<bool>()) {
    EXPECT_EQ(writes, 0) << "writes reached the daemon";
  } else {
    EXPECT_GT(writes, 0);
    EXPECT_FALSE(passthrough["reason"].get<std::string>().empty());
  }
}

TEST_F(Surface, ReportsAreReadableByManyAtOnce) {
  std::vector<std::unique_ptr<Child>> readers;
  for (int reader = 0; reader < 8; ++reader) {
    readers.push_back(std::make_unique<Child>([] {
      for (int round = 0; round < 50; ++round) {
        std::ifstream file(report("status"));
        std::ostringstream text;
        text << file.rdbuf();
        if (!json::accept(text.str())) return 1;
      }
      return 0;
    }));
  }
  for (const auto& reader : readers) EXPECT_EQ(reader->wait(), 0);
}

}  // namespace
}  // namespace vexfs::e2e
