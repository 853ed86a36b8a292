// Embedder: what turns texts into vectors. The one seam between the built-in model and remote ones.
#ifndef VEXFS_TEXT_EMBEDDER_H_
#define VEXFS_TEXT_EMBEDDER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/passages.h"

namespace vexfs::text {

class Embedder {
 public:
  virtual ~Embedder() = default;

  // For people and for `status`: "builtin", or the model's name and host.
  virtual std::string name() const = 0;
  virtual uint32_t dim() const = 0;
  // Vectors of two fingerprints cannot be compared; it stands in the space and refuses mixing.
  virtual uint64_t fingerprint() const = 0;
  virtual PassageOptions passage_options() const = 0;
  // Texts that one call takes; more are EINVAL.
  virtual size_t batch_max() const = 0;
  // Row i of `vectors` (texts.size() * dim() floats, row-major) becomes the normalised vector of
  // text i, or zeros where it has none. Threads: any number at once. Large stack; a remote one
  // waits for its answer: EAGAIN when it may work later (unreachable, overloaded), EPROTO when the
  // answer is not what the protocol says, EACCES when the key is refused.
  virtual Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const = 0;
};

// The model that is part of the program.
std::unique_ptr<Embedder> make_builtin_embedder();

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EMBEDDER_H_
