// The inside of TextIndex, shared by its parts: text_index.cc, text_words.cc.
#ifndef VEXFS_ENGINE_INDEXING_TEXT_INDEX_STATE_H_
#define VEXFS_ENGINE_INDEXING_TEXT_INDEX_STATE_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/indexing/text_index.h"

namespace vexfs::engine {

struct TextIndex::State {
  State(tree::Tree& of, VectorStorageManager& in) : tree(of), storage(in) {}

  tree::Tree& tree;
  VectorStorageManager& storage;
  std::shared_ptr<const text::Embedder> embedder;
  VectorStorageManager::OpenSpace space;
  lexical::LexicalIndex lexical;
  std::atomic<bool> complete{false};
  std::atomic<uint64_t> generation{0};

  // A leaf. One changes the lexical index at a time; what is forgotten while an image is made is
  // forgotten again when it took the index's place.
  std::mutex words_mutex;
  bool merging = false;
  std::vector<Slot> forgotten;  // Meanwhile.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TEXT_INDEX_STATE_H_
