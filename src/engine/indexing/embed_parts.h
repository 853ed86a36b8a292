// embed_parts: the vectors of passages, many files at a time.
#ifndef VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_
#define VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_

#include <span>

#include "base/status.h"
#include "engine/indexing/text_job.h"
#include "text/embedder.h"

namespace vexfs::engine {

// Fills `vectors` of the parts that have text and want more than words, in calls of batch_max()
// texts. A document of several passages gets one vector more, of the whole file: the mean of its
// passages', normalised. A passage that the embedder has no vector for gets one that is near
// nothing, so that its words are found. Parts of one document come in order. What embed() answers;
// then nothing has changed, and it may be called again. Large stack.
Status embed_parts(const text::Embedder& embedder, std::span<TextPart> parts);

// The same without an embedder: all get vectors near nothing, and the parts say so.
void leave_unembedded(uint32_t dim, std::span<TextPart> parts);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_
