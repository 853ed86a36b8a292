// Embedder: turns texts into vectors.
//
// This folder turns the bytes of a file into what searches need: text (extractor.h, plain_text.h),
// passages (passages.h), vectors (this file), and terms (lexical_terms.h). It knows neither the
// store nor the indexes. Threads: nothing here starts one or takes a lock, and const methods may
// run on any number of threads at once. All of it needs a large stack unless a header says
// otherwise.
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

// The one interface that the built-in model and remote models share.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // For people and for `status`: "builtin", or the model's name and its address.
  virtual std::string name() const = 0;
  virtual uint32_t dim() const = 0;
  // Identifies the model. Vectors of different fingerprints cannot be compared, so a space records
  // the fingerprint of its vectors and refuses those of another.
  virtual uint64_t fingerprint() const = 0;
  // How long the passages are that the model is good at.
  virtual PassageOptions passage_options() const = 0;
  // The number of texts that one call of embed() may have; more are EINVAL.
  virtual size_t batch_max() const = 0;
  // Writes the normalised vector of text i to row i of `vectors` (texts.size() * dim() floats,
  // row-major), or zeros where the text has no vector. Any number of threads may call it at once. A
  // remote embedder waits for the answer of its endpoint. Errors: EAGAIN when it may work later
  // (the endpoint is unreachable or overloaded), EPROTO when the answer breaks the protocol, EACCES
  // when the endpoint refuses the key.
  virtual Status embed(std::span<const std::string_view> texts, std::span<float> vectors) const = 0;
};

// The model that is part of the program, which needs no network and never fails.
std::unique_ptr<Embedder> make_builtin_embedder();

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_EMBEDDER_H_
