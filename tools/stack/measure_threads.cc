// Costs of locks, free and contended, and of calls on the process.
#include <cxxabi.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <ctime>
#include <mutex>
#include <new>
#include <thread>

#include "measure_costs.h"
#include "painted_call.h"

namespace vexfs::stack_cost {
namespace {

// The state of a task of this process by /proc: 'S' once it sleeps.
char task_state(int task) {
  char path[64];
  std::snprintf(path, sizeof(path), "/proc/self/task/%d/stat", task);
  FILE* file = std::fopen(path, "re");
  char state = '?';
  if (file != nullptr) {
    if (std::fscanf(file, "%*d (%*[^)]) %c", &state) != 1) state = '?';
    std::fclose(file);
  }
  return state;
}

// Runs `wait` in this thread after `hold` ran in another, which calls `let_go` once this sleeps.
template <typename Hold, typename Wait, typename LetGo>
void contend(Hold hold, Wait wait, LetGo let_go) {
  const auto waiter = static_cast<int>(syscall(SYS_gettid));
  std::atomic<bool> held = false;
  std::atomic<bool> waiting = false;
  std::thread holder([&] {
    hold();
    held = true;
    while (!waiting || task_state(waiter) != 'S') sched_yield();
    let_go();
  });
  while (!held) sched_yield();
  waiting = true;
  wait();
  holder.join();
}

void measure_mutex() {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  measure("pthread_mutex_lock", &pthread_mutex_lock, &mutex);
  measure("pthread_mutex_trylock", &pthread_mutex_trylock, &mutex);
  measure("pthread_mutex_unlock", &pthread_mutex_unlock, &mutex);
  contend([] { pthread_mutex_lock(&mutex); },
          [] {
            measure("pthread_mutex_lock", &pthread_mutex_lock, &mutex);
            measure("pthread_mutex_unlock", &pthread_mutex_unlock, &mutex);
          },
          [] { pthread_mutex_unlock(&mutex); });
}

void measure_rwlock() {
  static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  for (auto take : {&pthread_rwlock_rdlock, &pthread_rwlock_wrlock}) {
    const char* const name =
        take == &pthread_rwlock_rdlock ? "pthread_rwlock_rdlock" : "pthread_rwlock_wrlock";
    measure(name, take, &lock);
    measure("pthread_rwlock_unlock", &pthread_rwlock_unlock, &lock);
    for (auto hold : {&pthread_rwlock_rdlock, &pthread_rwlock_wrlock}) {
      if (hold == take && hold == &pthread_rwlock_rdlock) continue;  // Readers share the lock.
      contend([&] { hold(&lock); },
              [&] {
                measure(name, take, &lock);
                measure("pthread_rwlock_unlock", &pthread_rwlock_unlock, &lock);
              },
              [&] { pthread_rwlock_unlock(&lock); });
    }
  }
}

void measure_condition() {
  static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  contend([] {}, [] { measure("pthread_cond_wait", &pthread_cond_wait, &condition, &mutex); },
          [] { pthread_cond_signal(&condition); });
  measure("pthread_cond_signal", &pthread_cond_signal, &condition);
  const timespec past{1, 0};
  measure("pthread_cond_timedwait", &pthread_cond_timedwait, &condition, &mutex, &past);
  measure("pthread_cond_clockwait", &pthread_cond_clockwait, &condition, &mutex, CLOCK_MONOTONIC,
          &past);
  measure("pthread_cond_broadcast", &pthread_cond_broadcast, &condition);
  pthread_mutex_unlock(&mutex);
}

// libstdc++'s condition variable, which stands on the one above.
void measure_condition_variable() {
  static std::condition_variable condition;
  static std::mutex mutex;
  std::unique_lock lock(mutex);
  contend([] {},
          [&] {
            measure_block("_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE",
                          [&] { condition.wait(lock); });
          },
          [] {
            const std::lock_guard held(mutex);
            condition.notify_one();
          });
  measure_block("_ZNSt18condition_variable10notify_oneEv", [] { condition.notify_one(); });
  measure_block("_ZNSt18condition_variable10notify_allEv", [] { condition.notify_all(); });
}

void measure_condition_variable_end() {
  alignas(std::condition_variable) static std::byte memory[sizeof(std::condition_variable)];
  auto* condition = new (memory) std::condition_variable;
  measure_block("_ZNSt18condition_variableD1Ev", [&] { condition->~condition_variable(); });
}

void nothing() {}
void* return_at_once(void*) { return nullptr; }

// What Thread (base/thread.h) calls to start one and to join it.
void measure_thread_start() {
  constexpr size_t kStackBytes = size_t{1} << 20;
  static pthread_attr_t attributes;
  static sigset_t all;
  measure("sigfillset", &sigfillset, &all);
  measure("sigdelset", &sigdelset, &all, SIGBUS);
  measure("pthread_attr_init", &pthread_attr_init, &attributes);
  measure("pthread_attr_setsigmask_np", &pthread_attr_setsigmask_np, &attributes, &all);
  void* stack =
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  measure("pthread_attr_setstack", &pthread_attr_setstack, &attributes, stack, kStackBytes);
  pthread_t thread{};
  measure("pthread_create", &pthread_create, &thread, &attributes, &return_at_once,
          static_cast<void*>(nullptr));
  measure("pthread_join", &pthread_join, thread, static_cast<void**>(nullptr));
  measure("pthread_attr_destroy", &pthread_attr_destroy, &attributes);
  munmap(stack, kStackBytes);
}

}  // namespace

void measure_threads() {
  measure_mutex();
  measure_rwlock();
  measure_condition();
  measure_condition_variable();
  measure_condition_variable_end();
  measure_thread_start();
  pthread_once_t once = PTHREAD_ONCE_INIT;
  measure("pthread_once", &pthread_once, &once, &nothing);
  measure("pthread_self", &pthread_self);
  __cxxabiv1::__guard guard{};
  measure("__cxa_guard_acquire", &__cxxabiv1::__cxa_guard_acquire, &guard);
  measure("__cxa_guard_release", &__cxxabiv1::__cxa_guard_release, &guard);
  pthread_key_t key{};
  pthread_key_create(&key, nullptr);
  measure("pthread_setspecific", &pthread_setspecific, key, static_cast<const void*>(&key));
  measure("pthread_getspecific", &pthread_getspecific, key);
  measure("sched_yield", &sched_yield);
  const sched_param no_priority{};
  measure("sched_setscheduler", &sched_setscheduler, 0, SCHED_OTHER, &no_priority);
}

void measure_process() {
  timespec now{};
  gid_t groups[64];
  rlimit limit{};
  measure("clock_gettime", &clock_gettime, CLOCK_MONOTONIC, &now);
  measure_block("_ZNSt6chrono3_V212steady_clock3nowEv",
                [] { (void)std::chrono::steady_clock::now(); });
  measure("clock_gettime", &clock_gettime, CLOCK_REALTIME_COARSE, &now);
  measure("time", &time, nullptr);
  measure("getpid", &getpid);
  measure("gettid", &gettid);
  measure("getuid", &getuid);
  measure("geteuid", &geteuid);
  measure("getgid", &getgid);
  measure("getegid", &getegid);
  measure("getgroups", &getgroups, 64, groups);
  measure("setfsuid", &setfsuid, geteuid());
  measure("setfsgid", &setfsgid, getegid());
  measure("umask", &umask, mode_t{022});
  measure("unshare", &unshare, 0);
  measure("prctl", &prctl, PR_GET_DUMPABLE);
  measure("sysconf", &sysconf, _SC_PAGESIZE);
  measure("sysconf", &sysconf, _SC_NPROCESSORS_ONLN);
  measure("getrlimit", &getrlimit, RLIMIT_NOFILE, &limit);
  measure("sched_getcpu", &sched_getcpu);
  measure("__errno_location", &__errno_location);
}

}  // namespace vexfs::stack_cost
