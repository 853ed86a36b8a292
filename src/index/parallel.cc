// Spreads the writer's work over threads: each takes the next few numbers from a shared counter
// until none are left, as some slots take longer than others.
#include "index/parallel.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/limits.h"
#include "base/thread.h"
#include "index/search_memory.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kTakenAtOnce = 16;             // Numbers that a thread takes from the counter.
constexpr uint32_t kCountForThreads = 64;         // Fewer are done sooner than a thread starts.
constexpr size_t kStackBytes = size_t{64} << 10;  // Linking and mending do not recurse.

struct Shared {
  Workers::Work work;
  uint32_t count;
  std::atomic<uint32_t> next = 0;
  std::atomic<int> failed = 0;  // The errno of the first failure, which ends all threads.
};

struct Worker {
  Shared* shared;
  SearchScratch::Memory* memory;
  RowLocks::Owner owner;
  IdleThreads* idlers;

  // What a started thread runs: as a member of the idle threads, if there are any.
  void run_thread() {
    std::optional<IdleThreads::Member> idler;
    if (idlers != nullptr) idler.emplace(*idlers);
    run(idler ? &*idler : nullptr);
  }

  void run(IdleThreads::Member* idler = nullptr) {
    for (;;) {
      if (idler != nullptr) idler->give_way();
      const uint32_t first = shared->next.fetch_add(kTakenAtOnce, std::memory_order_relaxed);
      if (first >= shared->count) return;
      const uint32_t end = std::min(first + kTakenAtOnce, shared->count);
      for (uint32_t i = first; i < end; ++i) {
        if (shared->failed.load(std::memory_order_relaxed) != 0) return;
        const Status status = shared->work(i, *memory, owner);
        int none = 0;
        if (!status.ok()) shared->failed.compare_exchange_strong(none, status.error());
      }
    }
  }
};

}  // namespace

Status Workers::make_ready() {
  if (!scratches_.empty()) return {};
  VEXFS_TRY(scratch, SearchScratch::create());
  scratches_.push_back(std::move(scratch));
  return {};
}

Status Workers::run(uint32_t count, unsigned threads, IdleThreads* idlers, Work work) {
  if (count < kCountForThreads) {
    threads = 1;
    idlers = nullptr;
  }
  threads = std::clamp(threads, 1U, limits::kIndexThreadsMax);
  VEXFS_CHECK_OK(make_ready());
  while (scratches_.size() < threads) {
    Result<SearchScratch> scratch = SearchScratch::create();
    if (!scratch.ok()) break;
    scratches_.push_back(std::move(scratch).value());
  }
  threads = std::min(threads, static_cast<unsigned>(scratches_.size()));
  Shared shared{work, count};
  std::vector<Worker> workers(threads);
  std::vector<Thread> others;
  for (unsigned i = 0; i < threads; ++i) {
    workers[i] = {&shared, &scratches_[i].memory(), i + 1, idlers};
  }
  // Threads are started from the last worker on: where the system gives no more of them, the first
  // worker is left for the calling thread. With `idlers` that is the fallback, else the rule.
  for (unsigned i = threads; i > (idlers == nullptr ? 1 : 0); --i) {
    Result<Thread> thread = Thread::start<&Worker::run_thread>(
        {.name = "vexfs-index", .stack_bytes = kStackBytes, .measure_every = 0}, &workers[i - 1]);
    if (!thread.ok()) break;  // The others do its part of the work.
    others.push_back(std::move(thread).value());
  }
  if (others.size() < threads) workers[0].run();
  for (Thread& thread : others) thread.join();
  const int failed = shared.failed.load();
  return failed == 0 ? Status() : Status(failed, "build of the index");
}

}  // namespace vexfs::index
