// Many processes move tokens about: no token is lost, doubled or torn.
//
// Slots are names in a few directories; each token is a file that says which one it is. Everybody
// moves whatever lies in a random slot, so nobody knows where a token is until the end.
#include <fcntl.h>
#include <stdio.h>

#include <set>

#include "tests/e2e/race/race.h"

namespace vexfs::e2e {
namespace {

constexpr int kFolders = 4;
constexpr int kSlots = 12;  // Names in each directory.
constexpr int kTokens = 24;
constexpr int kRepeats = 300;  // A token's line, over and over: 5 KB, more than a page.

class TokenRace : public RaceTest {
 protected:
  void SetUp() override {
    RaceTest::SetUp();
    for (int i = 0; i < kFolders; ++i) make_dir(directory(i));
    for (int i = 0; i < kTokens; ++i) {
      make_file(slot(i % kFolders, i / kFolders), content(i));
    }
  }

  static std::string directory(int index) { return "d" + std::to_string(index); }
  static std::string slot(int index, int name) {
    return directory(index) + "/s" + std::to_string(name);
  }
  std::string random_slot(Worker& worker) const {
    return path(slot(worker.below(kFolders), worker.below(kSlots)));
  }

  static std::string content(int token) {
    const std::string number = std::to_string(token);
    const std::string line = "token " + std::string(4 - number.size(), '0') + number + " here\n";
    std::string result;
    for (int i = 0; i < kRepeats; ++i) result += line;
    return result;
  }
  static bool is_token(const std::string& text) {
    return text.size() > 10 && text == content(std::atoi(text.c_str() + 6));
  }

  int move(Worker& worker, unsigned flags) const {
    const std::string from = random_slot(worker);
    const std::string to = random_slot(worker);
    const int result = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
    const bool fine = flags == RENAME_NOREPLACE ? worker.allowed(result, {ENOENT, EEXIST})
                                                : worker.allowed(result, {ENOENT});
    return fine ? Worker::fine() : worker.wrong("rename " + from + " to " + to);
  }

  int look(Worker& worker) const {
    const std::string name = random_slot(worker);
    const Fd fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) {
      return errno == ENOENT ? Worker::fine() : worker.wrong("open " + name);
    }
    std::string text(content(0).size() + 1, '\0');
    const ssize_t got = ::pread(fd.get(), text.data(), text.size(), 0);
    if (got < 0) return worker.wrong("read " + name);
    text.resize(static_cast<size_t>(got));
    if (!is_token(text)) return worker.wrong("torn token in " + name);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return worker.wrong("fstat " + name);
    if (info.st_nlink != 1) return worker.wrong("nlink " + std::to_string(info.st_nlink));
    return Worker::fine();
  }

  int list(Worker& worker) const {
    const std::string name = path(directory(worker.below(kFolders)));
    struct stat info {};
    if (::stat(name.c_str(), &info) != 0) return worker.wrong("stat " + name);
    return Worker::fine();
  }

  void expect_every_token_once(const std::string& root) const {
    std::multiset<std::string> found;
    for (int i = 0; i < kFolders; ++i) {
      for (int name = 0; name < kSlots; ++name) {
        const std::string full = root + "/" + slot(i, name);
        if (::access(full.c_str(), F_OK) == 0) found.insert(read_path(full));
      }
    }
    EXPECT_EQ(static_cast<size_t>(kTokens), found.size());
    for (int i = 0; i < kTokens; ++i) {
      EXPECT_EQ(1U, found.count(content(i))) << "token " << i;
    }
  }

  void check() const {
    expect_every_token_once(path());
    if (has_backing()) expect_every_token_once(backing());
    expect_same_behind();
  }
};

TEST_F(TokenRace, MovesWithoutReplacing) {
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      if (const int status = move(worker, RENAME_NOREPLACE); status != 0) return status;
      if (const int status = i % 4 == 0 ? look(worker) : 0; status != 0) return status;
    }
    return Worker::fine();
  });
  check();
}

TEST_F(TokenRace, Exchanges) {
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      if (const int status = move(worker, RENAME_EXCHANGE); status != 0) return status;
      if (const int status = i % 4 == 0 ? look(worker) : 0; status != 0) return status;
    }
    return Worker::fine();
  });
  check();
}

TEST_F(TokenRace, MixOfMovesLooksAndStats) {
  race([this](Worker& worker) {
    for (int i = 0; i < operations(); ++i) {
      int status = 0;
      switch (worker.below(4)) {
        case 0:
          status = move(worker, RENAME_NOREPLACE);
          break;
        case 1:
          status = move(worker, RENAME_EXCHANGE);
          break;
        case 2:
          status = look(worker);
          break;
        default:
          status = list(worker);
          break;
      }
      if (status != 0) return status;
    }
    return Worker::fine();
  });
  check();
}

}  // namespace
}  // namespace vexfs::e2e
