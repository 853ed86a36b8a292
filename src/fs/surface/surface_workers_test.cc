// Tests of the workers: every job is done once, a full ring refuses jobs, and none is lost at the
// end.
#include "fs/surface/surface_workers.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>
#include <vector>

#include "fs/surface/testing/fake_host.h"

namespace vexfs::fs {
namespace {

SurfaceJob job_of(size_t bytes) {
  SurfaceJob job;
  job.request = std::make_unique<char[]>(bytes);
  job.bytes = bytes;
  return job;
}

bool is_readable(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

TEST(SurfaceWorkersTest, StartsWhenTheFirstJobComes) {
  FakeHost host;
  SurfaceWorkers workers(host);
  EXPECT_FALSE(is_readable(workers.start_fd()));
  SurfaceJob job = job_of(3);
  ASSERT_TRUE(workers.post(job));
  EXPECT_TRUE(is_readable(workers.start_fd()));
  workers.start();
  EXPECT_FALSE(is_readable(workers.start_fd()));
  workers.stop();
  EXPECT_EQ(host.bytes, 3U);
}

TEST(SurfaceWorkersTest, AFullRingTakesNoMore) {
  FakeHost host;
  SurfaceWorkers workers(host);
  for (size_t i = 0; i < limits::kSurfaceJobsMax; ++i) {
    SurfaceJob job = job_of(1);
    ASSERT_TRUE(workers.post(job)) << i;
  }
  SurfaceJob refused = job_of(7);
  EXPECT_FALSE(workers.post(refused));
  EXPECT_EQ(refused.bytes, 7U) << "the job still belongs to the caller";
  EXPECT_NE(refused.request, nullptr);
  workers.stop();  // Starts what never was, and does what waits.
  EXPECT_EQ(host.bytes, limits::kSurfaceJobsMax);
}

TEST(SurfaceWorkersTest, ManyPostersLoseNothing) {
  FakeHost host;
  SurfaceWorkers workers(host);
  workers.start();
  std::vector<std::thread> posters;
  std::atomic<size_t> posted{0};
  for (int poster = 0; poster < 4; ++poster) {
    posters.emplace_back([&] {
      for (int i = 0; i < 1000;) {
        SurfaceJob job = job_of(1);
        if (!workers.post(job)) {
          std::this_thread::yield();
          continue;
        }
        ++posted;
        ++i;
      }
    });
  }
  for (std::thread& poster : posters) poster.join();
  workers.stop();
  EXPECT_EQ(posted, 4000U);
  EXPECT_EQ(host.done, 4000);
}

// A client that asks again at once meets workers that are just starting.
TEST(SurfaceWorkersTest, WhatComesWhileTheyStartIsDone) {
  for (int round = 0; round < 500; ++round) {
    FakeHost host;
    SurfaceWorkers workers(host);
    std::jthread client([&] {
      for (int asked = 0; asked < 20; ++asked) {
        SurfaceJob job = job_of(1);
        ASSERT_TRUE(workers.post(job));
        for (int done = host.done; done <= asked; done = host.done) host.done.wait(done);
      }
    });
    pollfd waiting{workers.start_fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, -1), 1);
    workers.start();
  }
}

TEST(SurfaceWorkersTest, NothingIsTakenAfterTheEnd) {
  FakeHost host;
  SurfaceWorkers workers(host);
  workers.stop();
  SurfaceJob job = job_of(1);
  EXPECT_FALSE(workers.post(job));
}

}  // namespace
}  // namespace vexfs::fs
