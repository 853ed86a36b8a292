// A process that changes its embedder again and again, while files change, is killed at random
// points. The next process must have the old index or the new one, and end with each file as it is.
//
// VEXFS_CRASH_ROUNDS and VEXFS_CRASH_SEED set the number of rounds and the seed.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>

#include "base/sanitizer.h"
#include "engine/indexing/testing/text_service_fixture.h"
#include "engine/storage/testing/crash_process.h"

namespace vexfs::engine {
namespace {

class TextSwitchCrashTest : public TextServiceFixture {
 protected:
  static constexpr uint32_t kFiles = 40;

  static std::string name_of(uint64_t file) { return "f" + std::to_string(file % kFiles); }

  // --- The process that is killed.
  [[noreturn]] void run(uint32_t seed) {
    std::mt19937 random(seed);
    open();
    start();
    std::optional<Maintenance> maintenance(*storage_);
    for (uint32_t step = 0; step < 60; ++step) one_step(random);
    service_.reset();
    maintenance.reset();
    storage_.reset();
    ::_exit(HasFailure() ? 1 : 0);
  }
  void one_step(std::mt19937& random) {
    const std::string name = name_of(random());
    const bool there = ::faccessat(files_.fd(), name.c_str(), F_OK, 0) == 0;
    const auto chance = random() % 100;
    if (chance < 50 || !there) {
      std::string text = "u" + std::to_string(random());
      const auto words = random() % (chance < 3 ? 20000 : 30);
      for (uint32_t i = 0; i < words; ++i) text += " w" + std::to_string(random() % 100);
      change(name, text);
    } else if (chance < 60) {
      rename(name, name_of(random()));
    } else if (chance < 68) {
      unlink(name);
    } else if (chance < 85) {
      choose(random() % 2 == 0 ? EmbedderChoice() : remote());
    } else if (chance < 95) {
      switched();
    } else {
      synced();
    }
  }

  void run_and_kill(std::mt19937& random) {
    const auto seed = static_cast<uint32_t>(random());
    kill_after(std::chrono::milliseconds(random() % 600), [&] { run(seed); });
  }

  // --- What must hold afterwards.
  uint64_t expect_each_file_found() {
    uint64_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(files_.path())) {
      if (!entry.is_regular_file()) continue;
      ++files;
      std::ifstream in(entry.path());
      std::string word;
      if (!(in >> word)) continue;  // The process was killed before it wrote the text.
      const std::string name = entry.path().filename();
      EXPECT_EQ(state_of(name), "fresh") << name;
      EXPECT_EQ(with_word(word), std::set<std::string>{name});
      EXPECT_TRUE(with_word(name).contains(name)) << name;
    }
    return files;
  }
  uint64_t files_with_text() {
    uint64_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(files_.path())) {
      files += entry.is_regular_file() && entry.file_size() > 0 ? 1 : 0;
    }
    return files;
  }
};

TEST_F(TextSwitchCrashTest, TheOldOneOrTheNew) {
  if (kThreadSanitized) GTEST_SKIP() << "ThreadSanitizer's children may not start threads";
  const uint32_t rounds = environment("VEXFS_CRASH_ROUNDS", kSanitized ? 3 : 8);
  std::mt19937 random(environment("VEXFS_CRASH_SEED", 1));
  for (uint32_t round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    stop();
    run_and_kill(random);
    open();
    ASSERT_TRUE(storage_->reconcile().ok());
    start();
    // The index is whole and of one embedder even before the change goes on.
    EXPECT_TRUE(dim() == 3 || dim() == 256);
    switched();
    synced();
    (void)expect_each_file_found();
    if (files_with_text() == 0) continue;
    choose(dim() == 3 ? EmbedderChoice() : remote());
    switched();
    synced();
    const uint64_t files = expect_each_file_found();
    EXPECT_EQ(storage_->count_documents().value().fresh, files);
  }
}

}  // namespace
}  // namespace vexfs::engine
