// Compares the code kernels with the scalar oracle: each instruction set, each dimension, each
// count of rows, rows that end where readable memory ends.
#include "kernels/code_distance.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <random>
#include <vector>

#include "base/limits.h"
#include "kernels/testing/every_target.h"
#include "kernels/testing/scalar.h"

namespace vexfs::kernels {
namespace {

constexpr size_t kPage = 4096;

// `bytes` readable bytes that end where readable memory ends.
class Guarded {
 public:
  explicit Guarded(size_t bytes) : pages_((bytes + kPage - 1) / kPage * kPage) {
    void* mapped =
        ::mmap(nullptr, pages_ + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(mapped, MAP_FAILED);
    base_ = static_cast<std::byte*>(mapped);
    EXPECT_EQ(::mprotect(base_ + pages_, kPage, PROT_NONE), 0);
    data_ = base_ + pages_ - bytes;
  }
  ~Guarded() { ::munmap(base_, pages_ + kPage); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  std::byte* data() const { return data_; }

 private:
  size_t pages_;
  std::byte* base_ = nullptr;
  std::byte* data_ = nullptr;
};

void expect_all_dots(size_t dim, uint32_t row_count, std::mt19937& random) {
  Guarded row_bytes(dim * row_count);
  Guarded query_bytes(dim);
  for (size_t i = 0; i < dim * row_count; ++i) row_bytes.data()[i] = std::byte(random());
  for (size_t i = 0; i < dim; ++i) query_bytes.data()[i] = std::byte(random());
  const auto* query = reinterpret_cast<const int8_t*>(query_bytes.data());
  const CodeRows rows{row_bytes.data(), dim};
  std::vector<uint32_t> slots(row_count);
  for (uint32_t i = 0; i < row_count; ++i) slots[i] = row_count - 1 - i;
  std::vector<int32_t> dots(row_count + 1, 77);
  dot_codes(query, dim, rows, slots.data(), row_count, dots.data());
  for (uint32_t i = 0; i < row_count; ++i) {
    const auto* row = reinterpret_cast<const uint8_t*>(rows.row(slots[i]));
    ASSERT_EQ(dots[i], scalar::dot_codes(row, query, dim)) << "dim " << dim << " row " << i;
  }
  EXPECT_EQ(dots[row_count], 77) << "wrote past the end";
}

TEST(CodeDistance, EveryDimensionMatchesTheOracle) {
  for_every_target([] {
    std::mt19937 random(1);
    for (size_t dim = 1; dim <= 400; ++dim) expect_all_dots(dim, 3, random);
    for (size_t dim = 401; dim <= limits::kDimMax; dim += 61) expect_all_dots(dim, 2, random);
    expect_all_dots(limits::kDimMax, 5, random);
  });
}

TEST(CodeDistance, EveryCountOfRows) {
  for_every_target([] {
    std::mt19937 random(2);
    for (uint32_t count = 0; count <= 17; ++count) expect_all_dots(100, count, random);
  });
}

TEST(CodeDistance, TheExtremesDoNotSaturate) {
  for_every_target([] {
    for (const int8_t q : {int8_t{-128}, int8_t{127}}) {
      const std::vector<uint8_t> row(limits::kDimMax, 255);
      const std::vector<int8_t> query(limits::kDimMax, q);
      const CodeRows rows{reinterpret_cast<const std::byte*>(row.data()), row.size()};
      const uint32_t slot = 0;
      int32_t dot = 0;
      dot_codes(query.data(), query.size(), rows, &slot, 1, &dot);
      EXPECT_EQ(dot, 255 * q * static_cast<int32_t>(limits::kDimMax));
    }
  });
}

}  // namespace
}  // namespace vexfs::kernels
