// Exact distances to rows of both element types, by every metric.
#include "index/exact_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernels/float16.h"

namespace vexfs::index {
namespace {

TEST(ExactRows, EveryMetricAndElement) {
  const std::vector<float> floats = {0, 0, 3, 4, 1, 0};  // Three rows of dimension 2.
  std::vector<kernels::Float16> halves;
  for (const float x : floats) halves.push_back(kernels::to_float16(x));
  const float query[] = {0, 2};
  for (const ElementType element : {ElementType::kF32, ElementType::kF16}) {
    const void* base = element == ElementType::kF32 ? static_cast<const void*>(floats.data())
                                                    : static_cast<const void*>(halves.data());
    const VectorRows rows{static_cast<const std::byte*>(base), 2 * element_bytes(element)};
    float prepared[2];
    float row[2];

    const ExactRows l2(rows, 2, Metric::kL2, element);
    l2.prepare(query, prepared);
    EXPECT_FLOAT_EQ(l2.distance(prepared, 1), 9 + 4);
    l2.read(1, row);
    EXPECT_FLOAT_EQ(row[0], 3);

    const ExactRows product(rows, 2, Metric::kInnerProduct, element);
    product.prepare(query, prepared);
    EXPECT_FLOAT_EQ(product.distance(prepared, 1), -8);

    const ExactRows cosine(rows, 2, Metric::kCosine, element);
    cosine.prepare(query, prepared);
    EXPECT_FLOAT_EQ(prepared[1], 1);
    EXPECT_FLOAT_EQ(cosine.distance(prepared, 1), 0.2F);
    EXPECT_FLOAT_EQ(cosine.distance(prepared, 2), 1);
    cosine.read(1, row);
    EXPECT_FLOAT_EQ(row[1], 0.8F);
  }
}

}  // namespace
}  // namespace vexfs::index
