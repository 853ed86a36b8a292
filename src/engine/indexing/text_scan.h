// TextScan: finds the files that are not as their documents say.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SCAN_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SCAN_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/function_ref.h"
#include "base/status.h"
#include "engine/indexing/ignore_stack.h"
#include "engine/indexing/text_job.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/tree_walk.h"

namespace vexfs::engine {

// Walks the source, except for what ignore files leave out, `.git` and `.vexfs`, other filesystems,
// and symlinks. It looks up limits::kTextScanStep files at a time under the storage's mutex.
//
// Threads: one. Large stack. An object is for one count() or one run().
class TextScan {
 public:
  using Take = FunctionRef<bool(TextJob)>;  // Returns false to stop.

  TextScan(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // The number of files that run() would look at; stops early once `stopping` is true.
  Result<uint64_t> count(const std::atomic<bool>& stopping);
  // Calls `take` for files that are new or have changed, and for documents whose files the walk has
  // not met. Calls `looked_at` with the number of files that it has looked at since the last call.
  Status run(Take take, FunctionRef<void(uint64_t)> looked_at);

 private:
  struct Seen {
    TextJob job;
    uint64_t size;
    int64_t mtime_ns;
    uint64_t name_hash;
    uint64_t names;
  };
  bool passes(const tree::WalkedName& name);
  bool meet(const tree::WalkedName& name);
  bool flush();
  bool is_fresh(const Snapshot& now, Seen& seen);
  Status hand_over_unmet(Take take);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  IgnoreStack ignored_;
  std::string at_;  // The path of directory_.
  std::shared_ptr<const TextDirectory> directory_;
  std::vector<Seen> seen_;  // Files that flush() looks up next.
  std::vector<bool> met_;   // Whether the walk met the object, for those that existed at its start.
  Status status_;
  const Take* take_ = nullptr;
  const FunctionRef<void(uint64_t)>* looked_at_ = nullptr;
};

// The hash of a file's name that documents have: FNV-1a. On disk.
uint64_t hash_of_name(std::string_view name);

// Makes the job one for the words only of the passages that the document has.
void ask_for_words(const store::Document& row, TextJob& job);
// Makes the job one for the document as it is: from its kept text, if it has one.
void ask_as_indexed(const store::Document& row, TextJob& job);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SCAN_H_
