// TextService: the text of a store's files: its index, who keeps that, and its change of embedders.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/indexing/searchable_text.h"
#include "engine/query/text_progress.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/tree.h"

namespace vexfs::engine {

// The space `text` is filled by one embedder. When the store asks for another one, that fills
// `text~` beside it, from what is indexed, in the background; searches ask the old space meanwhile:
// by meaning as long as its own embedder answers, else by words alone. Once `text~` has all that
// `text` has it takes its place, in one step that a crash does not tear. Whatever ends before that
// goes on at the next start; asking for the old embedder again drops `text~`.
//
// Threads: all methods may run at once. Large stack, but for those of request threads.
class TextService {
 public:
  // All outlive it.
  TextService(tree::Tree& tree, VectorStorageManager& storage, const EngineOptions& options);
  ~TextService();

  // The index, and its keeper; nothing to do where they run. ENODATA where there is none and
  // `create` is false; EEXIST where a user's space has the name.
  Status start(bool create);
  bool is_up() const;  // Any thread.

  // Asks for an embedder that has answered, see try_embedder(). Durable on return; the rest is done
  // in the background.
  Status choose(const EmbedderChoice& choice, std::shared_ptr<const text::Embedder> answered);

  // Of an index that is up.
  SearchableText searchable() const;  // Waits for a new index that is just taking its place.
  void rescan();
  Status sync();  // See TextIndexer.
  void hurry();   // The same.
  // What the storage counts is left to the caller.
  void report(TextProgress& progress) const;
  std::string embedder_name() const;
  uint32_t start_us() const;

  // --- Request threads
  void content_changed(const store::ObjectKey& key);
  bool waits(const store::ObjectKey& key) const;
  uint64_t generation() const;  // Grows when searches may find something else.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_SERVICE_H_
