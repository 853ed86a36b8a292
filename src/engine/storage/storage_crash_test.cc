// A process that sets, removes and renames is killed at random points; what it had flushed is
// there, what came after is there up to some change and no further, and a search finds exactly
// that.
//
// VEXFS_CRASH_ROUNDS and VEXFS_CRASH_SEED make it longer, and other.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "base/sanitizer.h"
#include "engine/storage/testing/crash_process.h"
#include "engine/storage/testing/storage_fixture.h"

namespace vexfs::engine {
namespace {

// What the process says before and after each step. Written whole: it is smaller than PIPE_BUF.
struct Record {
  enum class Kind : uint32_t { kSet, kRemove, kRename, kUnlink, kDone, kFlushed } kind;
  uint32_t file = 0;
  uint32_t seed = 0;
  uint32_t count = 0;
};

using State = std::vector<uint32_t>;  // Seeds of a file's vectors.

class StorageCrashTest : public StorageFixture {
 protected:
  static constexpr uint32_t kFiles = 40;

  std::string path_of(uint32_t file) const { return paths_.at(file); }

  void make_files() {
    files_.make_directory("d");
    for (uint32_t file = 0; file < kFiles; ++file) {
      paths_.push_back("f" + std::to_string(file));
      (void)make(paths_.back());
      states_.push_back({});
    }
  }

  // --- The process that is killed.
  [[noreturn]] void run(int pipe, uint32_t seed) {
    std::mt19937 random(seed);
    open();
    std::optional<Maintenance> maintenance(*storage_);
    const auto say = [pipe](const Record& record) {
      if (::write(pipe, &record, sizeof record) != sizeof record) ::_exit(1);
    };
    const auto steps = static_cast<uint32_t>(20 + random() % 400);
    for (uint32_t step = 0; step < steps; ++step) one_step(random, say);
    maintenance.reset();
    storage_.reset();
    ::_exit(0);
  }

  template <typename Say>
  void one_step(std::mt19937& random, const Say& say) {
    const auto file = static_cast<uint32_t>(random() % kFiles);
    const auto chance = random() % 100;
    const std::string path = path_of(file);
    if (chance < 60) {
      const Record record{Record::Kind::kSet, file, static_cast<uint32_t>(random()),
                          1 + static_cast<uint32_t>(random() % 3)};
      say(record);
      std::vector<Vector> vectors;
      for (const uint32_t one : seeds(record)) vectors.push_back(random_vector(kDim, one));
      if (!set(key_of(path), vectors).ok()) ::_exit(1);
      say({Record::Kind::kDone});
    } else if (chance < 75) {
      say({Record::Kind::kRemove, file});
      (void)storage_->remove_vectors(key_of(path), "clip");
      say({Record::Kind::kDone});
    } else if (chance < 85) {
      const std::string to = path[0] == 'd' ? path.substr(2) : "d/" + path;
      say({Record::Kind::kRename, file});
      rename(path, to);
      paths_[file] = to;
    } else if (chance < 89) {
      say({Record::Kind::kUnlink, file});
      unlink(path);
      (void)make(path);
    } else if (chance < 97) {
      if (!storage_->flush().ok()) ::_exit(1);
      say({Record::Kind::kFlushed});
    } else {
      auto space = storage_->open_space("clip");
      if (!space.value().knn->checkpoint().ok()) ::_exit(1);
    }
  }

  static State seeds(const Record& record) {
    State all;
    for (uint32_t i = 0; i < record.count; ++i) all.push_back(record.seed + i);
    return all;
  }

  // --- The judge.
  std::vector<Record> run_and_kill(std::mt19937& random) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const auto seed = static_cast<uint32_t>(random());
    storage_.reset();
    const pid_t child = ::fork();
    if (child == 0) run(ends[1], seed);
    ::close(ends[1]);
    const size_t enough = random() % 500;
    std::vector<Record> records;
    Record record;
    while (records.size() < enough && ::read(ends[0], &record, sizeof record) == sizeof record) {
      records.push_back(record);
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &record, sizeof record) == sizeof record) records.push_back(record);
    ::close(ends[0]);
    expect_killed_or_done(child);
    return records;
  }

  // The states after each change of vectors from the last flush on; paths as the tree has them now.
  std::vector<std::vector<State>> possible(const std::vector<Record>& records) {
    std::vector<std::vector<State>> list = {states_};
    std::vector<State> now = states_;
    for (size_t i = 0; i < records.size(); ++i) {
      const Record& record = records[i];
      switch (record.kind) {
        case Record::Kind::kSet:
          now[record.file] = seeds(record);
          list.push_back(now);
          break;
        case Record::Kind::kRemove:
          now[record.file].clear();
          list.push_back(now);
          break;
        case Record::Kind::kUnlink:
          // Another file has the name now, in every state; or still the old, if it came no further.
          unlinked_.insert(record.file);
          now[record.file].clear();
          list.push_back(now);
          break;
        case Record::Kind::kFlushed:
          list = {now};
          break;
        case Record::Kind::kRename:
        case Record::Kind::kDone:
          break;
      }
    }
    return list;
  }

  // Where each file is, whatever the process came to do with its name.
  void look_for_paths() {
    for (uint32_t file = 0; file < kFiles; ++file) {
      const std::string name = "f" + std::to_string(file);
      const bool below = ::faccessat(files_.fd(), ("d/" + name).c_str(), F_OK, 0) == 0;
      paths_[file] = below ? "d/" + name : name;
      if (!below && ::faccessat(files_.fd(), name.c_str(), F_OK, 0) != 0) (void)make(name);
    }
  }

  std::vector<State> stored(const std::vector<std::vector<State>>& candidates) {
    // From vectors back to seeds.
    std::map<Vector, uint32_t> known;
    for (const auto& states : candidates) {
      for (const State& state : states) {
        for (const uint32_t seed : state) known.emplace(random_vector(kDim, seed), seed);
      }
    }
    std::vector<State> states;
    for (uint32_t file = 0; file < kFiles; ++file) {
      State state;
      for (const Vector& vector : get(key_of(path_of(file)))) {
        const auto seed = known.find(vector);
        EXPECT_NE(seed, known.end()) << "a vector that nobody set";
        if (seed != known.end()) state.push_back(seed->second);
      }
      states.push_back(state);
    }
    return states;
  }

  // An unlinked file's vectors go with its inode, whichever change was the last.
  bool fits(const std::vector<State>& candidate, const std::vector<State>& found) const {
    for (uint32_t file = 0; file < kFiles; ++file) {
      const bool gone = unlinked_.contains(file) && found[file].empty();
      if (!gone && candidate[file] != found[file]) return false;
    }
    return true;
  }

  void expect_found(const std::vector<State>& states) {
    std::multiset<std::string> expected;
    for (uint32_t file = 0; file < kFiles; ++file) {
      for (size_t i = 0; i < states[file].size(); ++i) expected.insert(path_of(file));
    }
    EXPECT_EQ(found(true), expected);
    EXPECT_EQ(found(false), expected);
    const auto space = storage_->open_space("clip");
    for (const State& state : states) {
      for (const uint32_t seed : state) {
        index::Neighbor out[1];
        const Vector query = random_vector(kDim, seed);
        const auto hit = space.value().knn->search(query.data(), {.k = 1}, false, out);
        ASSERT_TRUE(hit.ok() && hit.value().count == 1);
        EXPECT_EQ(out[0].distance, 0);
      }
    }
  }

  void expect_sound_catalog() {
    storage_->read([](const Snapshot& now) {
      const auto findings = now.check();
      ASSERT_TRUE(findings.ok());
      for (const std::string& finding : findings.value()) ADD_FAILURE() << finding;
    });
  }

  std::vector<std::string> paths_;
  std::vector<State> states_;
  std::set<uint32_t> unlinked_;
};

TEST_F(StorageCrashTest, NothingFlushedIsLostAndTheIndexIsTheCatalog) {
  const uint32_t rounds = environment("VEXFS_CRASH_ROUNDS", kSanitized ? 10 : 40);
  std::mt19937 random(environment("VEXFS_CRASH_SEED", 1));
  make_files();
  for (uint32_t round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    unlinked_.clear();
    const std::vector<Record> records = run_and_kill(random);
    const auto candidates = possible(records);
    look_for_paths();
    open();
    ASSERT_TRUE(storage_->reconcile().ok());
    const std::vector<State> now = stored(candidates);
    bool fitting = false;
    for (const auto& candidate : candidates) fitting |= fits(candidate, now);
    EXPECT_TRUE(fitting) << "none of " << candidates.size() << " states after the last flush, of "
                         << records.size() << " records";
    expect_found(now);
    (void)settled();
    expect_found(now);
    expect_sound_catalog();
    states_ = now;
  }
}

}  // namespace
}  // namespace vexfs::engine
