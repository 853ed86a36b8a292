// Refusal: a failure with a sentence for the person who reads it.
#ifndef VEXFS_BASE_REFUSAL_H_
#define VEXFS_BASE_REFUSAL_H_

#include <string>
#include <utility>

#include "base/status.h"

namespace vexfs {

// An errno and the sentence for a person. It allocates, so request threads do not use it.
struct [[nodiscard]] Refusal {
  int error = 0;
  std::string message;

  Refusal(int its_error, std::string its_message)
      : error(its_error), message(std::move(its_message)) {}
  // For a failure that has no sentence of its own; the step that failed stands in its place.
  Refusal(Status status) : error(status.error()), message(status.what()) {}  // NOLINT: converts.

  // The sentence is lost, so the conversion is explicit.
  explicit operator Status() const { return {error, "request refused"}; }
};

}  // namespace vexfs

#endif  // VEXFS_BASE_REFUSAL_H_
