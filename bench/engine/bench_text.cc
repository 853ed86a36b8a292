// bench_text DIRECTORY FILES [QUERIES]: searches by text over so many files of some eleven passages
// each, on one thread, with warm caches, and no question twice.
//
// DIRECTORY must be missing, or that of an earlier run with as many files; it stays. Each line of
// output is a JSON object; cpu_* is time on a CPU, which a busy machine changes less. Indexing
// takes idle CPUs only. Texts are words of a made-up language whose frequencies follow Zipf's law,
// half of them of a topic.
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "text/embedder.h"
#include "tree/source_tree.h"

namespace {

using namespace vexfs;
using namespace vexfs::engine;

constexpr uint32_t kWords = 30000;
constexpr uint32_t kTopics = 400;
constexpr uint32_t kTopicWords = 40;
constexpr uint32_t kFileWords = 900;
constexpr uint32_t kFolders = 100;

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

[[noreturn]] void fail(const char* what, const char* why) {
  std::fprintf(stderr, "bench_text: %s: %s\n", what, why);
  std::exit(2);
}

// The latencies of one kind of call, by the clock and by the CPU.
class Timed {
 public:
  template <typename Call>
  void run(Call call) {
    const double wall = seconds_of(CLOCK_MONOTONIC);
    const double cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    call();
    cpu_.push_back((seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu) * 1e6);
    wall_.push_back((seconds_of(CLOCK_MONOTONIC) - wall) * 1e6);
  }
  void report(const char* step) {
    std::printf(
        "{\"step\":\"%s\",\"calls\":%zu,\"p50_us\":%.0f,\"p99_us\":%.0f,"
        "\"cpu_p50_us\":%.0f,\"cpu_p99_us\":%.0f}\n",
        step, wall_.size(), at(wall_, 0.5), at(wall_, 0.99), at(cpu_, 0.5), at(cpu_, 0.99));
    std::fflush(stdout);
  }

 private:
  static double at(std::vector<double>& times, double part) {
    std::sort(times.begin(), times.end());
    return times[static_cast<size_t>(part * static_cast<double>(times.size() - 1))];
  }

  std::vector<double> wall_;
  std::vector<double> cpu_;
};

class Bench {
 public:
  Bench(std::string directory, uint32_t files) : directory_(std::move(directory)), files_(files) {
    constexpr const char* kSyllables[] = {"ka",  "lo",  "mi",  "ren", "sta", "ver", "tu",  "pon",
                                          "gra", "sel", "dor", "nim", "fa",  "jul", "bex", "ort"};
    for (uint32_t i = 0; i < kWords; ++i) {
      std::string word;
      for (uint32_t rest = i * 7919 % 65536, n = 0; n < 4; rest /= 16, ++n) {
        word += kSyllables[rest % 16];
      }
      words_.push_back(word);
    }
  }

  void make_files();
  void index();
  void search(const char* step, const Query& options, const tree::Credentials& caller,
              uint32_t count);
  void embed(uint32_t count);

 private:
  const std::string& zipf() {
    // This inverts the distribution function of a continuous 1/x law.
    const double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return words_[static_cast<size_t>(std::pow(static_cast<double>(kWords), u)) - 1];
  }
  const std::string& of_topic(uint32_t topic) {
    return words_[(topic * 977 + random_() % kTopicWords * 61 + 500) % kWords];
  }
  std::string question() {
    const auto topic = static_cast<uint32_t>(random_() % kTopics);
    return of_topic(topic) + " " + of_topic(topic) + " " + zipf() + " " + zipf();
  }

  std::string directory_;
  uint32_t files_;
  std::vector<std::string> words_;
  std::mt19937 random_{1};
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<Engine> engine_;
  store::ObjectKey root_;
};

void Bench::make_files() {
  if (std::filesystem::exists(directory_ + "/0")) return;
  for (uint32_t i = 0; i < files_; ++i) {
    const std::string folder = directory_ + "/" + std::to_string(i % kFolders);
    if (i < kFolders) std::filesystem::create_directories(folder);
    std::ofstream file(folder + "/" + std::to_string(i) + ".txt");
    const auto topic = static_cast<uint32_t>(random_() % kTopics);
    for (uint32_t word = 0; word < kFileWords; ++word) {
      file << (random_() % 2 == 0 ? of_topic(topic) : zipf());
      file << (word % 120 == 119 ? ".\n\n" : word % 12 == 11 ? ".\n" : " ");
    }
  }
}

void Bench::index() {
  random_.seed(2);
  auto tree = tree::SourceTree::create(Fd(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY)));
  if (!tree.ok()) fail(directory_.c_str(), tree.status().what());
  tree_ = std::move(tree.value());
  auto engine = Engine::create(*tree_, {});
  if (!engine.ok()) fail("the engine", engine.status().what());
  engine_ = std::move(engine.value());
  root_ = tree_->key_of(tree_->root().get()).value();
  const double begin = seconds_of(CLOCK_MONOTONIC);
  if (const Status status = engine_->index_text(); !status.ok()) fail("index", status.what());
  if (const Status status = engine_->sync_text(); !status.ok()) fail("sync", status.what());
  const double seconds = seconds_of(CLOCK_MONOTONIC) - begin;
  const TextProgress progress = engine_->text_progress();
  std::printf(
      "{\"step\":\"index\",\"files\":%u,\"passages\":%llu,\"seconds\":%.1f,"
      "\"files_per_second\":%.0f}\n",
      files_, static_cast<unsigned long long>(progress.passages), seconds, files_ / seconds);
  std::fflush(stdout);
}

void Bench::search(const char* step, const Query& options, const tree::Credentials& caller,
                   uint32_t count) {
  Timed timed;
  size_t hits = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string text = question();
    Query query = options;
    query.text = text;
    timed.run([&] {
      const auto result = engine_->search(caller, root_, query);
      if (!result.ok()) fail(step, result.failure().message.c_str());
      hits += result.value().hits.size();
    });
  }
  if (hits == 0) fail(step, "nothing is found");
  timed.report(step);
}

void Bench::embed(uint32_t count) {
  const auto embedder = text::make_builtin_embedder();
  std::vector<float> vector(embedder->dim());
  Timed timed;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string text = question();
    const std::string_view view = text;
    timed.run([&] {
      if (!embedder->embed(std::span(&view, 1), vector).ok()) fail("embed", "refused");
    });
  }
  timed.report("embed alone");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_text DIRECTORY FILES [QUERIES]\n");
    return 2;
  }
  Bench bench(argv[1], static_cast<uint32_t>(std::atoi(argv[2])));
  const auto count = static_cast<uint32_t>(argc > 3 ? std::atoi(argv[3]) : 1000);
  bench.make_files();
  bench.index();
  bench.embed(count);
  const tree::Credentials root;
  const tree::Credentials someone{12345, 12345, {}};
  Query query;
  bench.search("hybrid, the first ones", query, root, 20);
  bench.search("hybrid", query, root, count);
  query.text_bytes = 0;
  bench.search("hybrid, without text", query, root, count);
  query.fold_duplicates = false;
  bench.search("hybrid, without text and folding", query, root, count);
  query.mode = QueryMode::kSemantic;
  bench.search("semantic, the same", query, root, count);
  query.mode = QueryMode::kLexical;
  bench.search("lexical, the same", query, root, count);
  bench.search("hybrid, another user", Query(), someone, count);
  query = Query();
  query.path = "7";
  bench.search("hybrid, in one of 100 folders", query, root, count);
  return 0;
}
