// A process that writes, renames and removes files while they are indexed is killed at random
// points. The next process must find each file once, as it is, and nothing else.
//
// VEXFS_CRASH_ROUNDS and VEXFS_CRASH_SEED set the number of rounds and the seed.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>

#include "base/sanitizer.h"
#include "engine/indexing/testing/text_indexer_fixture.h"
#include "engine/storage/testing/crash_process.h"

namespace vexfs::engine {
namespace {

class TextCrashTest : public TextIndexerFixture {
 protected:
  static constexpr uint32_t kFiles = 30;

  // --- The process that is killed.
  [[noreturn]] void run(uint32_t seed) {
    std::mt19937 random(seed);
    open();
    std::optional<Maintenance> maintenance(*storage_);
    start();
    for (uint32_t step = 0; step < 200; ++step) one_step(random);
    TextIndexerFixture::stop();
    maintenance.reset();
    storage_.reset();
    ::_exit(0);
  }

  void one_step(std::mt19937& random) {
    const std::string name = "f" + std::to_string(random() % kFiles);
    const bool there = ::faccessat(files_.fd(), name.c_str(), F_OK, 0) == 0;
    const auto chance = random() % 100;
    if (chance < 60 || !there) {
      std::string text;
      const auto words = 1 + random() % (chance < 5 ? 30000 : 50);
      for (uint32_t i = 0; i < words; ++i) text += "w" + std::to_string(random() % 1000) + " ";
      text += "u" + std::to_string(random());
      change(name, text);
    } else if (chance < 70) {
      rename(name, "f" + std::to_string(random() % kFiles));
    } else if (chance < 80) {
      unlink(name);
    } else if (chance < 90) {
      if (!indexer_->sync().ok()) ::_exit(1);
    } else if (chance < 93) {
      TextIndexerFixture::stop();  // Writes a lexical image.
      start();
    }
  }

  void run_and_kill(std::mt19937& random) {
    const auto seed = static_cast<uint32_t>(random());
    kill_after(std::chrono::milliseconds(random() % 400), [&] { run(seed); });
  }

  // --- What must hold afterwards.
  void expect_each_file_once() {
    uint64_t files = 0;
    std::map<std::string, std::string> last_words;
    for (const auto& entry : std::filesystem::directory_iterator(files_.path())) {
      if (!entry.is_regular_file()) continue;
      ++files;
      std::ifstream in(entry.path());
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      last_words[entry.path().filename()] = text.substr(text.rfind(' ') + 1);
    }
    const store::DocumentCounts counts = storage_->count_documents().value();
    EXPECT_EQ(counts.fresh, files);
    EXPECT_EQ(counts.pending, 0U);
    for (const auto& [name, word] : last_words) {
      EXPECT_EQ(state_of(name), "fresh") << name;
      if (word.empty()) continue;  // The process was killed before it wrote the text.
      EXPECT_EQ(with_word(word), std::set<std::string>{name});
      EXPECT_TRUE(with_word(name).contains(name));
    }
    expect_sound_passages();
  }

  // Ordinals have no gaps, and all passages have words, except that of the whole file.
  void expect_sound_passages() {
    std::map<store::ObjectId, std::vector<store::Passage>> all;
    storage_->read([&](const Snapshot& now) {
      const auto take = [&](const store::Passage& passage) {
        all[passage.object].push_back(passage);
        return true;
      };
      EXPECT_TRUE(now.all_passages(index_->space().id, take).ok());
      const auto findings = now.check();
      for (const std::string& finding : findings.value()) ADD_FAILURE() << finding;
    });
    size_t with_words = 0;
    for (auto& [object, passages] : all) {
      std::sort(passages.begin(), passages.end(),
                [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
      for (size_t i = 0; i < passages.size(); ++i) EXPECT_EQ(passages[i].ordinal, i);
      with_words += passages.size() - (passages.size() > 1 ? 1 : 0);
    }
    EXPECT_EQ(index_->lexical().size(), with_words);
  }
};

TEST_F(TextCrashTest, EachFileIsFoundOnceAndAsItIs) {
  const uint32_t rounds = environment("VEXFS_CRASH_ROUNDS", kSanitized ? 3 : 10);
  std::mt19937 random(environment("VEXFS_CRASH_SEED", 1));
  for (uint32_t round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    stop();
    storage_.reset();
    run_and_kill(random);
    open();
    ASSERT_TRUE(storage_->reconcile().ok());
    start();
    synced();
    // Waits until the graph's writer has let go of freed slots.
    ASSERT_TRUE(index_->space().knn->settle(60'000));
    expect_each_file_once();
  }
}

}  // namespace
}  // namespace vexfs::engine
