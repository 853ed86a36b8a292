// The embedder that a store asks for and the one that filled its index: two small files of the
// store, and how an embedder is made of them.
#ifndef VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_
#define VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/refusal.h"
#include "store/rows.h"
#include "text/embedder.h"
#include "text/http_embedder.h"

namespace vexfs::engine {

using text::EmbedderChoice;
using text::remote_embedder;

// Files in `.vexfs`: the embedder that is to fill the index, and the one that filled it. Where the
// file does not exist it is the built-in embedder.
inline constexpr const char* kWantedEmbedder = "embedder.json";
inline constexpr const char* kFormerEmbedder = "embedder~.json";

// The content of such a file: {"url":…,"model":…,"key_file":…,"dim":N}, where the last two may be
// left out. EINVAL for anything else.
Result<text::HttpEmbedderOptions> parse_embedder(std::string_view json);
std::string embedder_json(const text::HttpEmbedderOptions& options);

std::string name_of(const EmbedderChoice& choice);  // As Embedder::name().

// Reads the file; nullopt if it does not exist. EINVAL if it is not valid. `source`: the directory
// that has the store.
//
// The file names a host that texts of all users are sent to, and a file whose first line is sent
// along, so it counts only where nobody but root and the effective user of this process could have
// put it there: they own it and the store, others may not write to either, and it is a regular file
// with one name. Else EPERM, with a sentence for the user; the file's content is not looked at.
Result<EmbedderChoice> read_embedder(const Fd& source, const char* file);
// The embedder that filled the index, as it was noted; the built-in if the note cannot be read or
// does not count, since it only helps to answer while another one is coming.
EmbedderChoice read_former_embedder(const Fd& source);
// Writes the file, or removes it for the built-in embedder; durable on return. The store must
// exist. EPERM for a remote embedder where the file would not count. On failure the file is as it
// was.
Status write_embedder(FileIo& io, const Fd& source, const char* file, const EmbedderChoice& choice);

// Makes the embedder; a remote one is asked for a vector, and fails as connect_http_embedder()
// does. EACCES for a key file that read_named_file() does not read. Large stack, as all below.
Result<std::shared_ptr<const text::Embedder>> connect_embedder(const EmbedderChoice& choice);

// The same for an embedder that a user asks for. If the choice has a dimension, the embedder's must
// be equal; on return the choice has the embedder's.
Result<std::shared_ptr<const text::Embedder>, Refusal> try_embedder(EmbedderChoice& choice);

// Whether the choice is the embedder with that fingerprint, of a space with that dimension.
bool fills(const EmbedderChoice& choice, uint32_t dim, uint64_t fingerprint);

// The embedder that filled the space: the built-in one or one of the choices; no request is sent to
// it yet. If none of them did, an embedder whose embed() fails with EAGAIN.
Result<std::shared_ptr<const text::Embedder>> embedder_of(const store::Space& space,
                                                          const EmbedderChoice& wanted,
                                                          const EmbedderChoice& former);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_CHOSEN_EMBEDDER_H_
