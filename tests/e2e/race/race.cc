// Starting the processes of a race and comparing the two sides of the mount.
#include "tests/e2e/race/race.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "tests/e2e/race/tree.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

int setting(const char* name, int otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoi(value);
}

}  // namespace

int Worker::below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

bool Worker::allowed(long long result, std::initializer_list<int> errors) const {
  if (result != -1) return true;
  for (const int error : errors) {
    if (errno == error) return true;
  }
  return false;
}

int Worker::wrong(const std::string& what) const {
  const int error = errno;
  std::fprintf(stderr, "process %d: %s: %s\n", index_, what.c_str(), std::strerror(error));
  return 1;
}

int RaceTest::operations() { return setting("VEXFS_RACE_OPERATIONS", 2000); }

int RaceTest::processes() { return setting("VEXFS_RACE_PROCESSES", 6); }

void RaceTest::race(const std::vector<Body>& bodies) {
  const unsigned seed = static_cast<unsigned>(setting("VEXFS_RACE_SEED", 1));
  std::vector<std::unique_ptr<Child>> children;
  for (size_t i = 0; i < bodies.size(); ++i) {
    children.push_back(std::make_unique<Child>([&bodies, i, seed] {
      Worker worker(static_cast<int>(i), seed * 1000 + static_cast<unsigned>(i));
      return bodies[i](worker);
    }));
  }
  for (size_t i = 0; i < children.size(); ++i) {
    EXPECT_EQ(0, children[i]->wait()) << "process " << i;
  }
}

void RaceTest::expect_same_behind() const {
  if (!has_backing()) return;
  const Tree mounted = read_tree(path());
  const Tree behind = read_tree(backing());
  for (const auto& [name, node] : behind) {
    const auto found = mounted.find(name);
    if (found == mounted.end()) {
      ADD_FAILURE() << name << " is missing from the mount";
    } else {
      EXPECT_EQ(describe(node), describe(found->second)) << name;
    }
  }
  for (const auto& [name, node] : mounted) {
    EXPECT_TRUE(behind.contains(name)) << name << " is in the mount alone";
  }
}

}  // namespace vexfs::e2e
