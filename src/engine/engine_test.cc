// The whole engine: nothing without a store, everything at its first use, reports and checks.
#include "engine/engine.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {
namespace {

using store::ObjectKey;

constexpr uint32_t kDim = 4;
// Longer than any test may take: what waits so long waits for the event itself.
constexpr uint32_t kLongMs = 600'000;
constexpr const char* kMakeSpace = R"({"create_space":{"name":"clip","dim":4,"metric":"l2"}})";

// Sees each time that somebody opens the lock file of a store, which is how a try to take it
// begins.
class LockOpens {
 public:
  explicit LockOpens(const std::string& lock) : inotify_(::inotify_init1(IN_CLOEXEC)) {
    EXPECT_GE(::inotify_add_watch(inotify_.get(), lock.c_str(), IN_OPEN), 0);
  }
  void wait_for_one() {
    if (waiting_ == 0) {
      alignas(inotify_event) std::array<char, 4096> events;
      const ssize_t bytes = ::read(inotify_.get(), events.data(), events.size());
      ASSERT_GT(bytes, 0);
      waiting_ = static_cast<size_t>(bytes) / sizeof(inotify_event);  // A watched file has no name.
    }
    --waiting_;
  }

 private:
  const Fd inotify_;
  size_t waiting_ = 0;
};

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    auto tree = tree::SourceTree::create(files_.open_root());
    ASSERT_TRUE(tree.ok());
    tree_ = std::move(tree.value());
    start();
  }
  void start(const EngineOptions& options = {}) {
    engine_.reset();
    auto made = Engine::create(*tree_, options);
    ASSERT_TRUE(made.ok()) << made.status().what();
    engine_ = std::move(made.value());
  }
  ObjectKey key_of(const std::string& path) {
    return tree_->key_of(files_.open_path(path).get()).value();
  }
  ObjectKey make(const std::string& path) {
    (void)files_.make_file(path);
    return key_of(path);
  }
  ObjectKey root() { return tree_->key_of(tree_->root().get()).value(); }
  Status set(const ObjectKey& key, const std::vector<float>& vector) {
    return engine_->set_vectors(key, "clip", std::as_bytes(std::span(vector)), SetMode::kAny);
  }
  std::string control(const std::string& request, bool privileged = true) {
    std::string reply;
    engine_->control_json({}, privileged, root(), request, reply);
    return reply;
  }
  void make_space() {
    const std::string made = control(kMakeSpace);
    ASSERT_NE(made.find("\"created\""), std::string::npos) << made;
  }
  std::vector<std::string> hits(const std::vector<float>& vector) {
    Query query;
    query.vector = vector;
    const auto result = engine_->search({}, root(), query);
    std::vector<std::string> paths;
    if (!result.ok()) {
      ADD_FAILURE() << result.failure().message;
      return paths;
    }
    for (const Hit& hit : result.value().hits) paths.push_back(hit.path);
    return paths;
  }
  nlohmann::json status() {
    std::string text;
    JsonWriter json(text);
    json.object();
    engine_->write_status(json);
    json.end();
    return nlohmann::json::parse(text);
  }
  bool has_folder() const { return ::faccessat(files_.fd(), ".vexfs", F_OK, 0) == 0; }

  tree::TemporaryTree files_;
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<Engine> engine_;
};

using Paths = std::vector<std::string>;

TEST_F(EngineTest, NothingIsMadeForAFileSystemWithoutVectors) {
  const ObjectKey key = make("a");
  EXPECT_FALSE(engine_->has_store());
  engine_->unlinked(root(), "b");
  EXPECT_EQ(set(key, {1, 2, 3, 4}).error(), ENODATA);
  EXPECT_EQ(engine_->get_vectors(key, "clip", {}).error(), ENODATA);
  EXPECT_TRUE(engine_->spaces_of(key, [](std::string_view) { return true; }).ok());
  EXPECT_TRUE(engine_->flush().ok());
  EXPECT_EQ(control("{\"spaces\":true}"), "{\"spaces\":[]}\n");
  EXPECT_NE(control("{\"drop_space\":\"clip\"}").find("ENODATA"), std::string::npos);
  EXPECT_NE(control("{\"create_space\":{\"name\":\"clip\",\"dim\":4}}", false).find("error"),
            std::string::npos);
  EXPECT_FALSE(has_folder());
  EXPECT_EQ(status()["components"][0]["state"], "off");
}

TEST_F(EngineTest, AFirstSpaceMakesTheStore) {
  make_space();
  EXPECT_TRUE(has_folder());
  EXPECT_TRUE(engine_->has_store());
  ASSERT_TRUE(set(make("a"), {1, 0, 0, 0}).ok());
  ASSERT_TRUE(set(make("b"), {0, 1, 0, 0}).ok());
  EXPECT_EQ(hits({1, 0, 0, 0}), (Paths{"a", "b"}));
  ASSERT_EQ(::renameat(files_.fd(), "a", files_.fd(), "c"), 0);
  engine_->renamed(root(), "a", root(), "c", Engine::Rename::kReplace);
  EXPECT_EQ(hits({1, 0, 0, 0}), (Paths{"c", "b"}));
  start();
  EXPECT_TRUE(engine_->has_store());
  EXPECT_EQ(hits({0, 1, 0, 0}), (Paths{"b", "c"}));
}

TEST_F(EngineTest, ControlMakesSpacesForThePrivileged) {
  const std::string made = control("{\"create_space\":{\"name\":\"clip\",\"dim\":4}}");
  EXPECT_NE(made.find("\"created\""), std::string::npos) << made;
  EXPECT_NE(control("{\"drop_space\":\"clip\"}", false).find("EPERM"), std::string::npos);
  EXPECT_EQ(control("{\"sync\":true}"), "{\"synced\":true}\n");
}

TEST_F(EngineTest, ChangesWithoutTheEngineAreFoundAtTheNextStart) {
  make_space();
  ASSERT_TRUE(set(make("a"), {1, 0, 0, 0}).ok());
  ASSERT_TRUE(set(make("b"), {0, 1, 0, 0}).ok());
  engine_.reset();
  files_.make_directory("d");
  ASSERT_EQ(::renameat(files_.fd(), "a", files_.fd(), "d/a"), 0);
  ASSERT_EQ(::unlinkat(files_.fd(), "b", 0), 0);
  start({.names_wait_ms = kLongMs});
  EXPECT_EQ(hits({1, 0, 0, 0}), Paths{"d/a"});
}

TEST_F(EngineTest, TellsHowItIs) {
  make_space();
  ASSERT_TRUE(set(make("a"), {1, 0, 0, 0}).ok());
  const nlohmann::json now = status();
  EXPECT_EQ(now["components"][0]["name"], "VectorStorageManager");
  EXPECT_EQ(now["components"][0]["state"], "up");
  EXPECT_GT(now["components"][0]["start_us"], 0);
  EXPECT_EQ(now["spaces"][0]["name"], "clip");
  EXPECT_EQ(now["spaces"][0]["dim"], kDim);
  EXPECT_EQ(now["spaces"][0]["metric"], "l2");
  EXPECT_EQ(now["spaces"][0]["vectors"], 1);
  EXPECT_EQ(now["spaces"][0]["open"], true);
  std::string metrics;
  engine_->write_metrics(metrics);
  EXPECT_NE(metrics.find("vexfs_space_vectors{space=\"clip\"} 1\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("vexfs_vectors_set_total 1\n"), std::string::npos);
}

TEST_F(EngineTest, AStoreThatCannotBeOpenedSaysSo) {
  ASSERT_EQ(::mkdirat(files_.fd(), ".vexfs", 0700), 0);
  Fd catalog(::openat(files_.fd(), ".vexfs/catalog.sqlite", O_WRONLY | O_CREAT, 0600));
  const std::string garbage(8192, 'x');
  ASSERT_EQ(::write(catalog.get(), garbage.data(), garbage.size()), 8192);
  start();
  EXPECT_EQ(engine_->opened().error(), EUCLEAN);
  EXPECT_NE(control(kMakeSpace).find("EUCLEAN"), std::string::npos);
  engine_->unlinked(root(), "b");
  const nlohmann::json now = status();
  EXPECT_EQ(now["components"][0]["state"], "failed");
  EXPECT_EQ(now["components"][0]["errno"], EUCLEAN);
}

TEST_F(EngineTest, AStoreThatIsInUseIsOpenedOnceItIsFree) {
  make_space();
  const ObjectKey key = make("a");
  ASSERT_TRUE(set(key, {1, 0, 0, 0}).ok());
  engine_.reset();
  Fd lock(::openat(files_.fd(), ".vexfs/lock", O_RDWR));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
  start({.names_wait_ms = kLongMs});
  EXPECT_EQ(engine_->opened().error(), EBUSY);
  EXPECT_EQ(set(key, {0, 1, 0, 0}).error(), EBUSY);
  engine_->renamed(root(), "a", root(), "b", Engine::Rename::kReplace);  // Nobody hears of it.
  ASSERT_EQ(::renameat(files_.fd(), "a", files_.fd(), "b"), 0);
  lock.reset();
  // The engine tries again by itself, and nothing says when. A store that stays busy hangs the
  // test.
  Status done = set(key, {0, 1, 0, 0});
  while (done.error() == EBUSY) {
    (void)::usleep(1000);
    done = set(key, {0, 1, 0, 0});
  }
  EXPECT_TRUE(done.ok()) << done.what();
  EXPECT_EQ(hits({0, 1, 0, 0}), Paths{"b"}) << "what happened meanwhile was looked for";
}

TEST_F(EngineTest, WhoWaitsForAStoreInUseIsAnsweredOnceItIsFree) {
  make_space();
  const ObjectKey key = make("a");
  engine_.reset();
  Fd lock(::openat(files_.fd(), ".vexfs/lock", O_RDWR));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX | LOCK_NB), 0);
  LockOpens tries(files_.path() + "/.vexfs/lock");
  start({.busy_wait_ms = kLongMs});
  Status done;
  std::thread waiter([&] { done = set(key, {0, 1, 0, 0}); });
  // With the second try the first one has failed, and the engine did not give up.
  tries.wait_for_one();
  tries.wait_for_one();
  EXPECT_EQ(status()["components"][0]["state"], "starting");
  lock.reset();
  waiter.join();
  EXPECT_TRUE(done.ok()) << done.what();
  EXPECT_EQ(hits({0, 1, 0, 0}), Paths{"a"});
}

TEST_F(EngineTest, CheckFindsNothingInAGoodStore) {
  EXPECT_EQ(Engine::check(*tree_, false).error(), ENOENT);
  make_space();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(set(make("f" + std::to_string(i)), {static_cast<float>(i), 0, 0, 0}).ok());
  }
  engine_.reset();
  for (const bool repair : {false, true, false}) {
    const auto result = Engine::check(*tree_, repair);
    ASSERT_TRUE(result.ok()) << result.status().what();
    EXPECT_EQ(result.value().damage, Paths{});
    EXPECT_EQ(result.value().rebuilt, Paths{});
  }
}

TEST_F(EngineTest, CheckFindsAndRepairsDamage) {
  make_space();
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(set(make("f" + std::to_string(i)), {static_cast<float>(i), 1, 0, 0}).ok());
  }
  engine_.reset();
  // Most rows become zeros.
  Fd vectors(::openat(files_.fd(), ".vexfs/spaces/clip/vectors", O_RDWR));
  ASSERT_TRUE(vectors.valid());
  const std::string zeros(2048, '\0');
  ASSERT_EQ(::pwrite(vectors.get(), zeros.data(), zeros.size(), 4096 + 256), 2048);
  const auto found = Engine::check(*tree_, false);
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found.value().damage.empty());
  const auto repaired = Engine::check(*tree_, true);
  ASSERT_TRUE(repaired.ok());
  EXPECT_EQ(repaired.value().damage.size(), found.value().damage.size());
  const auto again = Engine::check(*tree_, false);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().damage, Paths{});
  EXPECT_EQ(again.value().rebuilt, Paths{});
  start();
  EXPECT_EQ(hits({50, 1, 0, 0}).size(), 10U);
}

}  // namespace
}  // namespace vexfs::engine
