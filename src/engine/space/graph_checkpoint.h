// The sections of a graph, between the store that keeps them and the index that knows them.
#ifndef VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_
#define VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_

#include <array>

#include "base/status.h"
#include "index/graph_image.h"
#include "store/checkpoint.h"

namespace vexfs::engine {

// The image of a mapped checkpoint, which it takes over. EUCLEAN when a section is missing.
Result<index::GraphImage> image_of(store::MappedCheckpoint checkpoint);

// The other way: the list for store::write_checkpoint.
std::array<store::CheckpointSection, index::kGraphSections> sections_of(
    const index::GraphSections& sections);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_GRAPH_CHECKPOINT_H_
