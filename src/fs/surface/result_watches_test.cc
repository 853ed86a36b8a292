// Tests of watches: each change is reported once, none is lost, and their number is bounded.
#include "fs/surface/result_watches.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "fs/surface/testing/fake_host.h"

namespace vexfs::fs {
namespace {

using Paths = std::vector<std::string>;

std::string read_all(ResultWatch& watch, size_t piece = 4096) {
  std::string text;
  std::array<char, 4096> buffer;
  while (const size_t bytes = watch.read(std::span(buffer).first(piece))) {
    text.append(buffer.data(), bytes);
  }
  return text;
}

TEST(ResultWatchTest, TellsWhatJoinedAndLeft) {
  ResultWatch watch({}, {"b", "a"});
  EXPECT_FALSE(watch.poll(nullptr));
  EXPECT_EQ(read_all(watch), "");
  EXPECT_TRUE(watch.update({"c", "b"}));
  EXPECT_TRUE(watch.poll(nullptr));
  EXPECT_EQ(read_all(watch), "+c\n-a\n");
  EXPECT_FALSE(watch.poll(nullptr));
  EXPECT_TRUE(watch.update({"c", "b"}));
  EXPECT_FALSE(watch.poll(nullptr)) << "it was reported already";
  EXPECT_TRUE(watch.update({"a"}));
  EXPECT_EQ(read_all(watch), "+a\n-b\n-c\n");
}

TEST(ResultWatchTest, AnotherOrderIsNoChange) {
  ResultWatch watch({}, {"a", "b"});
  EXPECT_TRUE(watch.update({"b", "a"}));
  EXPECT_FALSE(watch.poll(nullptr));
}

TEST(ResultWatchTest, ChangesAddUpUntilTheyAreRead) {
  ResultWatch watch({}, {"a"});
  EXPECT_TRUE(watch.update({"a", "b"}));
  EXPECT_TRUE(watch.update({"a", "b", "c"}));
  EXPECT_TRUE(watch.update({"a", "c"}));
  EXPECT_EQ(read_all(watch), "+c\n");
  EXPECT_TRUE(watch.update({"a"}));
  EXPECT_TRUE(watch.update({"a", "c"}));
  EXPECT_FALSE(watch.poll(nullptr)) << "the results are as they were last reported";
}

TEST(ResultWatchTest, NothingChangesInTheMiddleOfAText) {
  ResultWatch watch({}, {});
  EXPECT_TRUE(watch.update({"first", "second"}));
  std::array<char, 3> part;
  ASSERT_EQ(watch.read(part), 3U);
  EXPECT_FALSE(watch.update({"first"}));
  EXPECT_TRUE(watch.poll(nullptr));
  EXPECT_EQ(read_all(watch, 2), "rst\n+second\n");
  EXPECT_TRUE(watch.update({"first"}));
  EXPECT_EQ(read_all(watch), "-second\n");
}

TEST(ResultWatchesTest, LooksWhenTheEngineHasChanged) {
  FakeHost host;
  ResultWatches watches(host);  // Its thread is stopped before the looks of this one.
  const auto opened = watches.open({}, {});
  ASSERT_TRUE(opened.ok());
  watches.stop();
  watches.look();
  const int searches = host.searches;
  watches.look();
  EXPECT_EQ(host.searches, searches) << "nothing changed";
  host.paths = {"a"};
  ++host.now;
  watches.look();
  EXPECT_EQ(read_all(*opened.value()), "+a\n");
  host.error = ENOENT;
  ++host.now;
  watches.look();
  EXPECT_FALSE(opened.value()->poll(nullptr)) << "a failed search is no change";
  watches.close(opened.value());
  ++host.now;
  watches.look();
  EXPECT_EQ(host.searches, searches + 2);
}

TEST(ResultWatchesTest, WhoReadsSlowlyIsToldLater) {
  FakeHost host;
  ResultWatches watches(host);
  const auto opened = watches.open({}, {});
  ASSERT_TRUE(opened.ok());
  watches.stop();
  host.paths = {"a"};
  watches.look();
  std::array<char, 1> part;
  ASSERT_EQ(opened.value()->read(part), 1U);
  host.paths = {};
  ++host.now;
  watches.look();
  EXPECT_EQ(read_all(*opened.value()), "a\n");
  watches.look();
  EXPECT_EQ(read_all(*opened.value()), "-a\n");
}

TEST(ResultWatchesTest, SoManyAtMost) {
  FakeHost host;
  ResultWatches watches(host);
  std::vector<std::shared_ptr<ResultWatch>> open;
  for (size_t i = 0; i < limits::kResultWatchesMax; ++i) {
    const auto watch = watches.open({}, {});
    ASSERT_TRUE(watch.ok());
    open.push_back(watch.value());
  }
  EXPECT_EQ(watches.open({}, {}).error(), EMFILE);
  watches.close(open.back());
  EXPECT_TRUE(watches.open({}, {}).ok());
}

TEST(ResultWatchesTest, NoneAfterTheEnd) {
  FakeHost host;
  ResultWatches watches(host);
  watches.stop();
  EXPECT_EQ(watches.open({}, {}).error(), EMFILE);
}

}  // namespace
}  // namespace vexfs::fs
