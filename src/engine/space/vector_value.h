// VectorValue: the value of a vector attribute, read as floats.
#ifndef VEXFS_ENGINE_SPACE_VECTOR_VALUE_H_
#define VEXFS_ENGINE_SPACE_VECTOR_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"
#include "base/vector_space.h"

namespace vexfs::engine {

// The bytes are little-endian float32: one vector of a space, or several one after another. They
// are copied only where they are not aligned as floats must be.
class VectorValue {
 public:
  // EINVAL for an empty value, one that is no whole number of vectors, and numbers that
  // check_vector() refuses. E2BIG beyond limits::kXattrValueBytesMax. `bytes` must outlive it.
  static Result<VectorValue> parse(std::span<const std::byte> bytes,
                                   const SpaceParameters& parameters);

  uint32_t count() const { return count_; }
  const float* vector(uint32_t index) const { return floats_ + size_t{index} * dim_; }

 private:
  VectorValue() = default;

  std::unique_ptr<float[]> copy_;
  const float* floats_ = nullptr;
  uint32_t dim_ = 0;
  uint32_t count_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_VECTOR_VALUE_H_
