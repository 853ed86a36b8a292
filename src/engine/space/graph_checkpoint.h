// Translates the sections of a graph between the store, which keeps them, and the index, which
// knows their meaning.
#ifndef VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_
#define VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_

#include <array>

#include "base/status.h"
#include "index/graph_image.h"
#include "store/checkpoint.h"

namespace vexfs::engine {

// Makes the image of a mapped checkpoint, which it takes over. EUCLEAN when a section is missing.
Result<index::GraphImage> image_of(store::MappedCheckpoint checkpoint);

// Makes the list that store::write_checkpoint() takes.
std::array<store::CheckpointSection, index::kGraphSections> sections_of(
    const index::GraphSections& sections);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_
