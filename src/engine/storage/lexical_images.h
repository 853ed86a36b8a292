// LexicalImages: the images of lexical indexes, which lie in the folders of their spaces.
#ifndef VEXFS_ENGINE_STORAGE_LEXICAL_IMAGES_H_
#define VEXFS_ENGINE_STORAGE_LEXICAL_IMAGES_H_

#include <cstddef>
#include <span>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/open_store.h"
#include "engine/storage/spaces.h"
#include "engine/storage/storage_values.h"
#include "store/rows.h"

namespace vexfs::engine {

// Threads: all methods may run at once, with a large stack; one image of a space is written at a
// time.
class LexicalImages {
 public:
  LexicalImages(OpenStore& store, GroupCommit& commit, Spaces& spaces)
      : store_(store), commit_(commit), spaces_(spaces) {}

  Status write(const OpenSpace& space, store::ChangeNumber change, std::span<const std::byte> image)
      EXCLUDES(storage_mutex);
  // The newest one. ENOENT: there is none; ESTALE: it is of a newer catalog than this.
  Result<LexicalImage> map(const OpenSpace& space) EXCLUDES(storage_mutex);

 private:
  Result<Fd> folder_of(const OpenSpace& space) EXCLUDES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Spaces& spaces_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_LEXICAL_IMAGES_H_
