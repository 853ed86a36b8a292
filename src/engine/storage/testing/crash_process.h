// For crash tests: a process that is killed, and the storage's maintenance beside it.
#ifndef VEXFS_ENGINE_STORAGE_TESTING_CRASH_PROCESS_H_
#define VEXFS_ENGINE_STORAGE_TESTING_CRASH_PROCESS_H_

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/function_ref.h"
#include "engine/storage/vector_storage_manager.h"

namespace vexfs::engine {

// maintain(), as the engine's thread calls it, for as long as this lives; the storage lives longer.
class Maintenance {
 public:
  explicit Maintenance(VectorStorageManager& storage)
      : thread_([this, &storage] {
          while (!stop_) {
            (void)storage.maintain();
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;
  ~Maintenance() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// The end of a process that may have been killed by SIGKILL; it never fails by itself.
inline void expect_killed_or_done(pid_t child) {
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "a step failed";
}

// Runs in a child, which `run` ends, and kills that so much later.
inline void kill_after(std::chrono::milliseconds time, FunctionRef<void()> run) {
  const pid_t child = ::fork();
  if (child == 0) run();
  std::this_thread::sleep_for(time);
  ::kill(child, SIGKILL);
  expect_killed_or_done(child);
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_TESTING_CRASH_PROCESS_H_
