// The JSON of the embeddings protocol: requests written, replies read.
#ifndef VEXFS_TEXT_EMBEDDING_REPLY_H_
#define VEXFS_TEXT_EMBEDDING_REPLY_H_

#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace vexfs::text {

// {"model":…,"input":[…],"encoding_format":"float"}
std::string embedding_request(std::string_view model, std::span<const std::string_view> texts);

// Row i of `vectors` becomes the vector of input i, normalised; zeros stay zeros. EPROTO where the
// reply is not JSON, lacks an input or has one twice, or a vector is not of `dim` finite numbers.
Status read_embedding_reply(std::string_view reply, size_t inputs, uint32_t dim,
                            std::span<float> vectors);

// The length of the reply's first vector. EPROTO.
Result<uint32_t> embedding_reply_dim(std::string_view reply);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EMBEDDING_REPLY_H_
