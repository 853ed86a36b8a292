// Values are checked here, once: code behind this relies on it.
#include "engine/space/vector_value.h"

#include <bit>
#include <cstring>

#include "base/limits.h"

namespace vexfs::engine {

static_assert(std::endian::native == std::endian::little, "values are read as they come");

Result<VectorValue> VectorValue::parse(std::span<const std::byte> bytes,
                                       const SpaceParameters& parameters) {
  const size_t vector_bytes = size_t{parameters.dim} * sizeof(float);
  if (bytes.size() > limits::kXattrValueBytesMax) return Status(E2BIG, "bytes of vectors");
  if (bytes.empty() || bytes.size() % vector_bytes != 0) {
    return Status(EINVAL, "a value is no whole number of vectors of its space");
  }
  VectorValue value;
  value.dim_ = parameters.dim;
  value.count_ = static_cast<uint32_t>(bytes.size() / vector_bytes);
  if (reinterpret_cast<uintptr_t>(bytes.data()) % alignof(float) == 0) {
    value.floats_ = reinterpret_cast<const float*>(bytes.data());
  } else {
    value.copy_.reset(new float[bytes.size() / sizeof(float)]);
    std::memcpy(value.copy_.get(), bytes.data(), bytes.size());
    value.floats_ = value.copy_.get();
  }
  for (uint32_t i = 0; i < value.count_; ++i) {
    VEXFS_CHECK_OK(check_vector(value.vector(i), parameters));
  }
  return value;
}

}  // namespace vexfs::engine
