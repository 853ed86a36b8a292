// bench_engine DIRECTORY FILES DIM [ROUNDS]: what the engine does with so many files, one vector
// each: sets, gets, a clean start, searches, and ROUNDS of removing and setting a random 30 %.
//
// DIRECTORY must be empty or missing; it stays. Each line of output is a JSON object.
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "tree/source_tree.h"

namespace {

using namespace vexfs;
using namespace vexfs::engine;
using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

[[noreturn]] void fail(const char* what, const Status& status) {
  std::fprintf(stderr, "bench_engine: %s: %s (%d)\n", what, status.what(), status.error());
  std::exit(2);
}

void must(const char* what, const Status& status) {
  if (!status.ok()) fail(what, status);
}

struct Memory {
  long anonymous_kb = 0;
  long file_kb = 0;
};

Memory memory() {
  ::malloc_trim(0);
  Memory now;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) now.anonymous_kb = std::atol(line.c_str() + 8);
    if (line.starts_with("RssFile:")) now.file_kb = std::atol(line.c_str() + 8);
  }
  return now;
}

uint64_t disk_bytes(const std::filesystem::path& folder) {
  uint64_t bytes = 0;
  if (!std::filesystem::exists(folder)) return 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat found;
    if (::lstat(entry.path().c_str(), &found) == 0) {
      bytes += static_cast<uint64_t>(found.st_blocks) * 512;
    }
  }
  return bytes;
}

// The latencies of one kind of call.
class Timed {
 public:
  explicit Timed(const char* name) : name_(name), start_(Clock::now()) {}
  template <typename Call>
  void run(Call call) {
    const auto start = Clock::now();
    call();
    times_.push_back(static_cast<float>(microseconds_since(start)));
  }
  void report() {
    const double seconds = microseconds_since(start_) / 1e6;
    std::sort(times_.begin(), times_.end());
    const auto at = [&](double part) {
      return static_cast<double>(
          times_[static_cast<size_t>(part * static_cast<double>(times_.size() - 1))]);
    };
    std::printf(
        "{\"step\":\"%s\",\"calls\":%zu,\"per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
        "\"p999_us\":%.1f,\"max_us\":%.1f}\n",
        name_, times_.size(), static_cast<double>(times_.size()) / seconds, at(0.5), at(0.99),
        at(0.999), at(1));
    std::fflush(stdout);
  }

 private:
  const char* name_;
  Clock::time_point start_;
  std::vector<float> times_;
};

class Bench {
 public:
  Bench(std::string directory, uint32_t files, uint32_t dim)
      : directory_(std::move(directory)), files_(files), dim_(dim) {}

  void make_files();
  void start(const char* step);
  void set_all();
  void get_all();
  void wait_until_linked();
  void search(const char* step, uint32_t count, bool recall);
  void churn(uint32_t round);
  void report(const char* step);
  void stop();

 private:
  // Vectors come in clusters, as real embeddings do; uniform ones are no test of a graph.
  std::vector<float> vector(uint32_t seed) const {
    std::mt19937 random(seed);
    std::mt19937 center(seed % 1000);
    // There are two, as a normal distribution keeps half of what it draws for its next call.
    std::normal_distribution<float> near;
    std::normal_distribution<float> far;
    std::vector<float> values(dim_);
    for (float& value : values) value = far(center) + 0.4F * near(random);
    return values;
  }
  void set(uint32_t file, uint32_t seed) {
    const std::vector<float> values = vector(seed);
    must("set", engine_->set_vectors(keys_[file], "clip", std::as_bytes(std::span(values)),
                                     SetMode::kAny));
  }
  std::vector<std::string> hits(const std::vector<float>& values, bool exact) {
    Query query;
    query.vector = values;
    query.exact = exact;
    const auto result = engine_->search({}, root_, query);
    if (!result.ok()) fail(result.failure().message.c_str(), result.status());
    std::vector<std::string> paths;
    for (const Hit& hit : result.value().hits) paths.push_back(hit.path);
    return paths;
  }
  bool status_says(const char* what) {
    std::string status;
    JsonWriter json(status);
    json.object();
    engine_->write_status(json);
    json.end();
    return status.find(what) != std::string::npos;
  }

  const std::string directory_;
  const uint32_t files_;
  const uint32_t dim_;
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<Engine> engine_;
  std::vector<store::ObjectKey> keys_;
  store::ObjectKey root_;
  std::mt19937 random_{1};
};

void Bench::make_files() {
  std::filesystem::create_directories(directory_);
  auto tree = tree::SourceTree::create(Fd(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY)));
  if (!tree.ok()) fail("tree", tree.status());
  tree_ = std::move(tree.value());
  root_ = tree_->key_of(tree_->root().get()).value();
  for (uint32_t file = 0; file < files_; ++file) {
    const std::string folder = directory_ + "/d" + std::to_string(file / 1000);
    if (file % 1000 == 0) std::filesystem::create_directory(folder);
    const Fd made(::open((folder + "/f" + std::to_string(file)).c_str(), O_RDWR | O_CREAT, 0644));
    keys_.push_back(tree_->key_of(made.get()).value());
  }
}

void Bench::start(const char* step) {
  const auto begin = Clock::now();
  auto made = Engine::create(*tree_, {.build_threads = 2});
  if (!made.ok()) fail("start", made.status());
  engine_ = std::move(made.value());
  const double ready = microseconds_since(begin);
  double first = 0;
  if (engine_->has_store()) {
    (void)hits(vector(7), false);
    first = microseconds_since(begin);
  } else {
    const std::string request =
        R"({"create_space":{"name":"clip","dim":)" + std::to_string(dim_) + "}}";
    std::string reply;
    engine_->control_json({}, true, root_, request, reply);
    if (reply.find("\"created\"") == std::string::npos) fail(reply.c_str(), {});
  }
  std::printf("{\"step\":\"%s\",\"ready_us\":%.0f,\"first_search_us\":%.0f}\n", step, ready, first);
}

void Bench::set_all() {
  std::vector<std::vector<float>> values(std::min(files_, 20'000U));
  for (uint32_t i = 0; i < values.size(); ++i) values[i] = vector(i);
  Timed timed("set");
  for (uint32_t file = 0; file < files_; ++file) {
    // Vectors that were not prepared are made within the measured time, as a client would do.
    const std::vector<float> made = file < values.size() ? std::vector<float>() : vector(file);
    const std::vector<float>& value = made.empty() ? values[file] : made;
    timed.run([&] {
      must("set", engine_->set_vectors(keys_[file], "clip", std::as_bytes(std::span(value)),
                                       SetMode::kAny));
    });
    if (file + 1 == values.size()) timed.report();
  }
  if (files_ > values.size()) timed.report();
  const auto begin = Clock::now();
  must("flush", engine_->flush());
  std::printf("{\"step\":\"flush\",\"us\":%.0f}\n", microseconds_since(begin));
}

void Bench::get_all() {
  std::vector<uint32_t> order(std::min(files_, 200'000U));
  for (uint32_t& file : order) file = static_cast<uint32_t>(random_() % files_);
  std::vector<float> room(dim_);
  Timed timed("get");
  for (const uint32_t file : order) {
    timed.run([&] {
      must("get", engine_->get_vectors(keys_[file], "clip", std::as_writable_bytes(std::span(room)))
                      .status());
    });
  }
  timed.report();
}

void Bench::wait_until_linked() {
  const auto begin = Clock::now();
  while (!status_says("\"pending\":0,\"unlinking\":0")) {
    if (microseconds_since(begin) > 600e6) fail("linking takes too long", Status(ETIME, "linking"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::printf("{\"step\":\"linked\",\"seconds\":%.2f}\n", microseconds_since(begin) / 1e6);
}

void Bench::search(const char* step, uint32_t count, bool recall) {
  std::vector<std::vector<float>> queries;
  for (uint32_t i = 0; i < count; ++i) queries.push_back(vector(0x40000000 + i * 13));
  std::vector<std::vector<std::string>> found;
  Timed timed(step);
  for (const std::vector<float>& query : queries) {
    timed.run([&] { found.push_back(hits(query, false)); });
  }
  timed.report();
  if (!recall) return;
  uint32_t right = 0;
  uint32_t wanted = 0;
  for (uint32_t i = 0; i < std::min(count, 100U); ++i) {
    const std::vector<std::string> truth = hits(queries[i], true);
    wanted += static_cast<uint32_t>(truth.size());
    for (const std::string& path : found[i]) {
      right += std::find(truth.begin(), truth.end(), path) != truth.end() ? 1 : 0;
    }
  }
  std::printf("{\"step\":\"recall\",\"recall_at_10\":%.4f}\n",
              static_cast<double>(right) / std::max(1U, wanted));
}

void Bench::churn(uint32_t round) {
  std::vector<uint32_t> chosen(files_);
  for (uint32_t i = 0; i < files_; ++i) chosen[i] = i;
  std::shuffle(chosen.begin(), chosen.end(), random_);
  chosen.resize(files_ * 3 / 10);
  Timed removal("churn_remove");
  for (const uint32_t file : chosen) {
    removal.run([&] { must("remove", engine_->remove_vectors(keys_[file], "clip")); });
  }
  removal.report();
  Timed setting("churn_set");
  for (const uint32_t file : chosen) {
    setting.run([&] { set(file, file + 1'000'000 * (round + 1)); });
  }
  setting.report();
  must("flush", engine_->flush());
}

void Bench::report(const char* step) {
  const Memory now = memory();
  const uint64_t bytes = disk_bytes(directory_ + "/.vexfs");
  std::printf("{\"step\":\"%s\",\"rss_anonymous_mb\":%.1f,\"rss_file_mb\":%.1f,\"disk_mb\":%.1f}\n",
              step, static_cast<double>(now.anonymous_kb) / 1024,
              static_cast<double>(now.file_kb) / 1024, static_cast<double>(bytes) / 1e6);
  std::fflush(stdout);
}

void Bench::stop() {
  const auto begin = Clock::now();
  engine_.reset();
  std::printf("{\"step\":\"stop\",\"seconds\":%.3f}\n", microseconds_since(begin) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_engine DIRECTORY FILES DIM [ROUNDS]\n");
    return 2;
  }
  Bench bench(argv[1], static_cast<uint32_t>(std::atoi(argv[2])),
              static_cast<uint32_t>(std::atoi(argv[3])));
  const int rounds = argc > 4 ? std::atoi(argv[4]) : 0;
  bench.make_files();
  bench.report("files");
  bench.start("create");
  bench.set_all();
  bench.get_all();
  bench.search("search_pending", 200, false);
  bench.wait_until_linked();
  bench.search("search", 2000, true);
  bench.get_all();
  bench.report("linked");
  bench.stop();
  bench.start("restart");
  bench.search("search_after_restart", 2000, true);
  bench.report("restarted");
  for (int round = 0; round < rounds; ++round) {
    bench.churn(static_cast<uint32_t>(round));
    bench.wait_until_linked();
    bench.search("search_after_churn", 1000, true);
    bench.report("churned");
  }
  bench.stop();
  bench.report("stopped");
  return 0;
}
