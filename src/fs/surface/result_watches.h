// ResultWatches: the clients that wait for a directory of results to change, and the thread that
// searches for them.
#ifndef VEXFS_FS_SURFACE_RESULT_WATCHES_H_
#define VEXFS_FS_SURFACE_RESULT_WATCHES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"
#include "base/thread.h"
#include "fs/backing/fuse_lowlevel.h"
#include "fs/surface/result_table.h"
#include "fs/surface/surface_host.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::fs {

// A question that is asked again and again, with the credentials to ask it with.
struct WatchedQuestion {
  ResultQuestion::Kind kind = ResultQuestion::Kind::kSearch;
  NodeId node = kNoNode;  // The directory that is asked.
  store::ObjectKey directory;
  std::string text;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;

  tree::Credentials caller() const { return {uid, gid, groups}; }
};

// One open of a directory's `.changes`. A read gives the files that joined and left the results
// since the last read, as lines "+PATH" and "-PATH" up to the end of the file; nothing when nothing
// changed. poll(2) reports POLLIN when there is something to read.
//
// Threads: all methods may run at once; mutex_ is a leaf.
class ResultWatch {
 public:
  ResultWatch(WatchedQuestion question, std::vector<std::string> paths);
  ~ResultWatch();
  ResultWatch(const ResultWatch&) = delete;
  ResultWatch& operator=(const ResultWatch&) = delete;

  const WatchedQuestion& question() const { return question_; }
  // Sets the results to what they are now, and wakes a client that polls. False in the middle of a
  // read: then nothing has changed, and the caller must try again later.
  [[nodiscard]] bool update(std::vector<std::string> paths);
  // Takes the next bytes of the text; 0 at its end.
  size_t read(std::span<char> out);
  // Whether a read would give something. Takes over `handle`, which may be null, and notifies it
  // when that changes.
  bool poll(fuse_pollhandle* handle);

 private:
  bool has_unread() const REQUIRES(mutex_) { return position_ < text_.size(); }

  const WatchedQuestion question_;
  Mutex mutex_;
  // Sorted, as of the end of the text before this one.
  std::vector<std::string> told_ GUARDED_BY(mutex_);
  // Sorted, as of the end of `text_`.
  std::vector<std::string> now_ GUARDED_BY(mutex_);
  std::string text_ GUARDED_BY(mutex_);
  size_t position_ GUARDED_BY(mutex_) = 0;
  // Of the last poll that may wait.
  fuse_pollhandle* handle_ GUARDED_BY(mutex_) = nullptr;
};

// The thread starts with the first watch, and sleeps without a timer while there is none. It
// searches again when the engine's generation has moved, and spends a small part of its time on
// that.
//
// Threads: open() and close() from any; start-up and stop() as SurfaceWorkers has it. mutex_ is a
// leaf.
class ResultWatches {
 public:
  // `host` searches; it must outlive the watches.
  explicit ResultWatches(SurfaceHost& host);
  ~ResultWatches() { stop(); }
  ResultWatches(const ResultWatches&) = delete;
  ResultWatches& operator=(const ResultWatches&) = delete;

  // EMFILE when limits::kResultWatchesMax are open. `paths` are the results now.
  Result<std::shared_ptr<ResultWatch>> open(WatchedQuestion question,
                                            std::vector<std::string> paths);
  void close(const std::shared_ptr<ResultWatch>& watch);
  void stop();

  // Searches for all watches if results may have changed. The thread calls it now and then.
  void look();

 private:
  void run();

  SurfaceHost& host_;

  Mutex mutex_;
  CondVar changed_;
  std::vector<std::shared_ptr<ResultWatch>> watches_ GUARDED_BY(mutex_);
  std::optional<Thread> thread_ GUARDED_BY(mutex_);
  // The engine's generation at the last look.
  uint64_t seen_ GUARDED_BY(mutex_) = 0;
  // The next look searches although the generation has not moved: a watch has come since, or was in
  // the middle of a read.
  bool look_again_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_RESULT_WATCHES_H_
