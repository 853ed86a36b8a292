// embed_parts: computes the vectors of passages, for many files at a time.
#ifndef VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_
#define VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_

#include <span>

#include "base/status.h"
#include "engine/indexing/text_job.h"
#include "text/embedder.h"

namespace vexfs::engine {

// Fills `vectors` of the parts that have text and want more than words. Each call of embed() has at
// most batch_max() texts. A document of several passages gets one vector more, for the whole file:
// the normalised mean of its passages' vectors. A passage for which the embedder returns a null
// vector gets one that is near no text, so that it still has a slot and is found by its words.
// Parts of one document must come in order. Fails as embed() does; then no part has changed, and it
// may be called again. Large stack.
Status embed_parts(const text::Embedder& embedder, std::span<TextPart> parts);

// The same without an embedder: all passages get vectors that are near no text, and `unembedded` of
// the parts is set.
void leave_unembedded(uint32_t dim, std::span<TextPart> parts);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_EMBED_PARTS_H_
