// The embedder that a store asks for, and the one that filled it: two small files of the store.
#ifndef VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_
#define VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"
#include "store/rows.h"
#include "text/embedder.h"
#include "text/http_embedder.h"

namespace vexfs::engine {

using text::EmbedderChoice;
using text::remote_embedder;

// In `.vexfs`: which one is to fill the index, and which one did; none: the built-in.
inline constexpr const char* kWantedEmbedder = "embedder.json";
inline constexpr const char* kFormerEmbedder = "embedder~.json";

// {"url":…,"model":…,"key_file":…,"dim":N}; the last two may be left out. EINVAL for anything else.
Result<text::HttpEmbedderOptions> parse_embedder(std::string_view json);
std::string embedder_json(const text::HttpEmbedderOptions& options);

std::string name_of(const EmbedderChoice& choice);  // As Embedder::name().

// What the file says, nullopt where there is none. EINVAL for what cannot be understood.
Result<EmbedderChoice> read_embedder(const Fd& source, const char* file);
// The embedder that filled the index, as it was noted; the built-in if the note cannot be read,
// since it only helps to answer while another one is coming.
EmbedderChoice read_former_embedder(const Fd& source);
// As above, durable on return. The store must be there. On failure it says what it said.
Status write_embedder(FileIo& io, const Fd& source, const char* file, const EmbedderChoice& choice);

// Asks a remote one for a vector: what connect_http_embedder() answers. Large stack, as all below.
Result<std::shared_ptr<const text::Embedder>> connect_embedder(const EmbedderChoice& choice);

// The same for one that somebody asks for: its dimension, if the choice has one, must be right, and
// is in the choice then. On failure a sentence in `problem`.
Result<std::shared_ptr<const text::Embedder>> try_embedder(EmbedderChoice& choice,
                                                           std::string& problem);

// Whether it would make the vectors of a space with that dimension and embedder.
bool fills(const EmbedderChoice& choice, uint32_t dim, uint64_t fingerprint);

// The one that filled the space: the built-in, or one of the choices, which is asked nothing yet.
// Else one that answers EAGAIN, whatever it is asked.
Result<std::shared_ptr<const text::Embedder>> embedder_of(const store::Space& space,
                                                          const EmbedderChoice& wanted,
                                                          const EmbedderChoice& former);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_
