// Mutex, SharedMutex, their locks and CondVar: std::mutex and its friends with the attributes that
// Clang's thread-safety analysis reads (clang.llvm.org/docs/ThreadSafetyAnalysis.html).
//
// libstdc++'s own types carry no attributes, so a wrapper is needed; it adds no state and no call.
// Under GCC the attributes are empty. Clang builds have -Wthread-safety with -Werror: a field that
// is GUARDED_BY a mutex is not read or written without it, and a function that REQUIRES one is not
// called without it. Lambdas are analysed alone: write a wait as a loop, or call assert_held()
// inside the lambda.
#ifndef VEXFS_BASE_MUTEX_H_
#define VEXFS_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define VEXFS_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define VEXFS_THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(x) VEXFS_THREAD_ATTRIBUTE(capability(x))
#define SCOPED_CAPABILITY VEXFS_THREAD_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(x) VEXFS_THREAD_ATTRIBUTE(guarded_by(x))
#define PT_GUARDED_BY(x) VEXFS_THREAD_ATTRIBUTE(pt_guarded_by(x))
#define REQUIRES(...) VEXFS_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) VEXFS_THREAD_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) VEXFS_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) VEXFS_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) VEXFS_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) VEXFS_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define RELEASE_GENERIC(...) VEXFS_THREAD_ATTRIBUTE(release_generic_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) VEXFS_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define ACQUIRED_BEFORE(...) VEXFS_THREAD_ATTRIBUTE(acquired_before(__VA_ARGS__))
#define ACQUIRED_AFTER(...) VEXFS_THREAD_ATTRIBUTE(acquired_after(__VA_ARGS__))
#define ASSERT_CAPABILITY(x) VEXFS_THREAD_ATTRIBUTE(assert_capability(x))
#define RETURN_CAPABILITY(x) VEXFS_THREAD_ATTRIBUTE(lock_returned(x))
// For functions that the analysis cannot follow; a comment there says why.
#define NO_THREAD_SAFETY_ANALYSIS VEXFS_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace vexfs {

class CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }
  bool try_lock() TRY_ACQUIRE(true) { return mutex_.try_lock(); }

  // Declares to the analysis that the caller holds this mutex. It checks nothing at run time.
  void assert_held() const ASSERT_CAPABILITY(this) {}

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

// Holds a mutex for the length of a scope; it may be given back and taken again within it.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex.mutex_) { mutex_.lock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() RELEASE() {
    if (is_held_) mutex_.unlock();
  }

  // Requires that unlock() came before.
  void lock() ACQUIRE() {
    mutex_.lock();
    is_held_ = true;
  }
  void unlock() RELEASE() {
    is_held_ = false;
    mutex_.unlock();
  }

 private:
  friend class CondVar;
  // Not a std::unique_lock: its lock() and unlock() can throw, which request paths have no stack
  // for.
  std::mutex& mutex_;
  bool is_held_ = true;
};

// Held by any number of readers at once, or by one writer. What it guards may be read by both and
// is changed by the writer alone.
class CAPABILITY("mutex") SharedMutex {
 public:
  SharedMutex() = default;
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

 private:
  friend class ReaderLock;
  friend class WriterLock;
  std::shared_mutex mutex_;
};

class SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) ACQUIRE_SHARED(mutex) : lock_(mutex.mutex_) {}
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;
  ~ReaderLock() RELEASE_GENERIC() {}

 private:
  std::shared_lock<std::shared_mutex> lock_;
};

class SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock() RELEASE() {}

 private:
  std::unique_lock<std::shared_mutex> lock_;
};

// Waits may end without a notification: callers look at their condition again.
class CondVar {
 public:
  void wait(MutexLock& lock) {
    Native native(lock);
    condition_.wait(native.lock);
  }

  template <typename Predicate>
  void wait(MutexLock& lock, Predicate predicate) {
    while (!predicate()) wait(lock);
  }

  template <typename Rep, typename Period>
  std::cv_status wait_for(MutexLock& lock, std::chrono::duration<Rep, Period> most) {
    Native native(lock);
    return condition_.wait_for(native.lock, most);
  }

  // What the predicate says at the end.
  template <typename Rep, typename Period, typename Predicate>
  bool wait_for(MutexLock& lock, std::chrono::duration<Rep, Period> most, Predicate predicate) {
    Native native(lock);
    return condition_.wait_for(native.lock, most, predicate);
  }

  template <typename Clock, typename Duration>
  std::cv_status wait_until(MutexLock& lock, std::chrono::time_point<Clock, Duration> end) {
    Native native(lock);
    return condition_.wait_until(native.lock, end);
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  // The lock in the form that std::condition_variable takes. It is held before and after a wait.
  struct Native {
    explicit Native(MutexLock& held) : lock(held.mutex_, std::adopt_lock) {}
    ~Native() { (void)lock.release(); }
    std::unique_lock<std::mutex> lock;
  };

  std::condition_variable condition_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_MUTEX_H_
