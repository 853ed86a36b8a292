// TextScan: which files are not as their documents say.
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

// Walks the source, but for what ignore files leave out, `.git` and `.vexfs`, other filesystems,
// and symlinks. Asks the storage for limits::kTextScanStep files at a time.
//
// Threads: one. Large stack.
class TextScan {
 public:
  using Take = FunctionRef<bool(TextJob)>;  // False: stop.

  TextScan(tree::Tree& tree, VectorStorageManager& storage) : tree_(tree), storage_(storage) {}

  // How many files there are to look at.
  Result<uint64_t> count(const std::atomic<bool>& stopping);
  // Hands over those that are new or have changed, and documents of files that were not met. With
  // each step `looked_at` is told how many files it was.
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
  bool is_fresh(store::Catalog& catalog, Seen& seen);
  Status hand_over_unmet(Take take);

  tree::Tree& tree_;
  VectorStorageManager& storage_;
  IgnoreStack ignored_;
  std::string at_;  // Path of directory_.
  std::shared_ptr<const TextDirectory> directory_;
  std::vector<Seen> seen_;
  std::vector<bool> met_;  // By object, of those that there were.
  Status status_;
  const Take* take_ = nullptr;
  const FunctionRef<void(uint64_t)>* looked_at_ = nullptr;
};

// Of a file's name, as documents keep it.
uint64_t hash_of_name(std::string_view name);

// Makes the job one for the words of what the document has already.
void ask_for_words(const store::Document& row, TextJob& job);
// Makes it one for the document as it is, from the text that is kept of it.
void ask_as_indexed(const store::Document& row, TextJob& job);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SCAN_H_
