// The JSON of the OpenAI embeddings protocol: writes requests and reads replies.
#ifndef VEXFS_TEXT_EMBEDDING_REPLY_H_
#define VEXFS_TEXT_EMBEDDING_REPLY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace vexfs::text {

// Answers {"model":…,"encoding_format":"float","input":[…]}.
std::string embedding_request(std::string_view model, std::span<const std::string_view> texts);

// Writes the normalised vector of input i to row i of `vectors`, which has inputs * dim floats; a
// vector of zeros stays one. EPROTO where the reply is not JSON, lacks an input or has one twice,
// or where a vector is not `dim` finite numbers.
Status read_embedding_reply(std::string_view reply, size_t inputs, uint32_t dim,
                            std::span<float> vectors);

// The length of the reply's first vector. EPROTO where it has none, or one that is longer than
// limits::kDimMax.
Result<uint32_t> embedding_reply_dim(std::string_view reply);

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EMBEDDING_REPLY_H_
