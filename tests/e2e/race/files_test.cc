// Files that many processes write, replace, link and remove at once.
#include <fcntl.h>
#include <stdio.h>

#include <map>

#include "tests/e2e/race/race.h"

namespace vexfs::e2e {
namespace {

using FileRace = RaceTest;

constexpr size_t kRecord = 64;

std::string record(int process, int number) {
  std::string text = "process " + std::to_string(process) + " record " + std::to_string(number);
  text.resize(kRecord - 1, '.');
  return text + "\n";
}

// Every append lands whole, once, behind all earlier ones.
TEST_F(FileRace, AppendsLandWholeAndOnce) {
  make_file("log");
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      const Fd fd(::open(path("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
      if (!fd.valid()) return worker.wrong("open");
      const std::string line = record(worker.index(), i);
      if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(kRecord)) {
        return worker.wrong("write");
      }
    }
    return Worker::fine();
  });
  const std::string content = read_path(path("log"));
  ASSERT_EQ(kRecord * static_cast<size_t>(processes() * operations()), content.size());
  std::map<int, int> next;  // By process: its records come in the order of writing.
  for (size_t at = 0; at < content.size(); at += kRecord) {
    const int process = std::atoi(content.c_str() + at + 8);
    ASSERT_EQ(record(process, next[process]++), content.substr(at, kRecord));
  }
  expect_same_behind();
}

// The name is always there while it is replaced, and what it leads to is always whole.
TEST_F(FileRace, ReplacedNameIsAlwaysThere) {
  const auto version = [](int process, int number) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += record(process, number);
    return text;
  };
  make_file("target", version(0, 0));
  race([&](Worker& worker) {
    const std::string fresh = path("fresh" + std::to_string(worker.index()));
    const std::string target = path("target");
    for (int i = 0; i < operations(); ++i) {
      if (worker.index() % 2 == 0) {
        const Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!fd.valid()) return worker.wrong("create");
        const std::string text = version(worker.index(), i);
        if (!write_at(fd.get(), text, 0)) return worker.wrong("write");
        if (::rename(fresh.c_str(), target.c_str()) != 0) return worker.wrong("rename");
        continue;
      }
      const Fd fd(::open(target.c_str(), O_RDONLY | O_CLOEXEC));
      if (!fd.valid()) return worker.wrong("the name was gone");
      std::string text(version(0, 0).size() + 1, '\0');
      const ssize_t got = ::pread(fd.get(), text.data(), text.size(), 0);
      if (got != static_cast<ssize_t>(text.size() - 1)) return worker.wrong("short file");
      text.resize(text.size() - 1);
      for (size_t at = 0; at < text.size(); at += kRecord) {
        if (text.compare(at, kRecord, text, 0, kRecord) != 0) return worker.wrong("mixed file");
      }
    }
    return Worker::fine();
  });
  EXPECT_EQ(1U, stat_of("target").st_nlink);
  expect_same_behind();
}

// Every process links one file to names of its own and removes them. The link count is right in the
// end.
TEST_F(FileRace, LinkCountsComeOutRight) {
  make_file("one", "content");
  constexpr int kNames = 10;
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      const std::string name = path("link" + std::to_string(worker.index()) + "-" +
                                    std::to_string(worker.below(kNames)));
      if (worker.below(2) == 0) {
        if (!worker.allowed(::link(path("one").c_str(), name.c_str()), {EEXIST})) {
          return worker.wrong("link " + name);
        }
      } else if (!worker.allowed(::unlink(name.c_str()), {ENOENT})) {
        return worker.wrong("unlink " + name);
      }
    }
    return Worker::fine();
  });
  nlink_t names = 1;
  for (int process = 0; process < processes(); ++process) {
    for (int name = 0; name < kNames; ++name) {
      names += exists("link" + std::to_string(process) + "-" + std::to_string(name)) ? 1 : 0;
    }
  }
  EXPECT_EQ(names, stat_of("one").st_nlink);
  EXPECT_EQ("content", read_path(path("one")));
  expect_same_behind();
}

// All processes create, open and remove the same few names. A process that has a file open can go
// on using it.
TEST_F(FileRace, OpenFilesOutliveTheirNames) {
  constexpr int kNames = 5;
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      const std::string name = path("name" + std::to_string(worker.below(kNames)));
      if (worker.below(3) == 0) {
        if (!worker.allowed(::unlink(name.c_str()), {ENOENT})) return worker.wrong("unlink");
        continue;
      }
      const Fd fd(::open(name.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
      if (!fd.valid()) return worker.wrong("open");
      const std::string line = record(worker.index(), i);
      if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(kRecord)) {
        return worker.wrong("write");
      }
      struct stat info {};
      if (::fstat(fd.get(), &info) != 0) return worker.wrong("fstat");
      if (info.st_nlink > 1) return worker.wrong("too many links");
      std::string text(kRecord, '\0');
      if (::pread(fd.get(), text.data(), kRecord, 0) != static_cast<ssize_t>(kRecord)) {
        return worker.wrong("read");
      }
      if (text.compare(0, 8, "process ") != 0) return worker.wrong("content");
    }
    return Worker::fine();
  });
  expect_same_behind();
}

}  // namespace
}  // namespace vexfs::e2e
