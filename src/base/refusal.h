// Refusal: a failure with a sentence, for whoever reads it.
#ifndef VEXFS_BASE_REFUSAL_H_
#define VEXFS_BASE_REFUSAL_H_

#include <string>
#include <utility>

#include "base/status.h"

namespace vexfs {

// An errno and what a person is told. It allocates, so it is not for the paths of requests.
struct [[nodiscard]] Refusal {
  int error = 0;
  std::string message;

  Refusal(int its_error, std::string its_message)
      : error(its_error), message(std::move(its_message)) {}
  // A failure that has no words of its own but the step that failed.
  Refusal(Status status) : error(status.error()), message(status.what()) {}  // NOLINT: converts.

  // The sentence is lost, so the conversion is explicit.
  explicit operator Status() const { return {error, "refused"}; }
};

}  // namespace vexfs

#endif  // VEXFS_BASE_REFUSAL_H_
