// All vectors of a space, by path.
#include <algorithm>
#include <string>
#include <vector>

#include "engine/engine_state.h"

namespace vexfs::engine {
namespace {

struct File {
  std::string path;
  ObjectId object;
};

// The files of the space that have a path, in its order.
Status files_of(VectorStorageManager& storage, const VectorStorageManager::OpenSpace& space,
                std::vector<File>& files) {
  std::vector<ObjectId> objects;
  VEXFS_CHECK_OK(storage.for_each_slot(
      space, [&](Slot, ObjectId object, DirectoryIndex) { objects.push_back(object); }));
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  for (size_t at = 0; at < objects.size();) {
    storage.locked([&](store::Catalog&, NameTable& names) {
      const size_t end = std::min(objects.size(), at + limits::kUpkeepBatch);
      for (; at < end; ++at) {
        std::string path;
        if (!names.path_below(objects[at], kRootDirectory, path).ok()) continue;
        files.push_back({std::move(path), objects[at]});
      }
    });
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return {};
}

}  // namespace

Status Engine::export_vectors(std::string_view space_name, VectorVisitor visit) {
  VEXFS_TRY(storage, state_->storage_up(false));
  VEXFS_TRY(space, storage->open_space(space_name));
  std::vector<File> files;
  VEXFS_CHECK_OK(files_of(*storage, space, files));
  std::vector<float> vector(space.parameters.dim);
  for (const File& file : files) {
    // What is set or removed meanwhile comes as it was at some moment.
    const SearchEpochs::Entered held = space.knn->hold();
    VEXFS_TRY(slots, storage->slots_of(space, file.object));
    for (uint32_t i = 0; i < slots.size(); ++i) {
      VEXFS_CHECK_OK(storage->read_vector(space, slots[i], vector));
      if (!visit(file.path, i, vector)) return {};
    }
  }
  return {};
}

}  // namespace vexfs::engine
