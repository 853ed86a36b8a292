// For tests: a checkpoint of a graph in a file without a name, mapped as the store maps it.
#ifndef VEXFS_INDEX_TESTING_TEST_IMAGE_H_
#define VEXFS_INDEX_TESTING_TEST_IMAGE_H_

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "index/graph_image.h"

namespace vexfs::index {

class TestImage {
 public:
  explicit TestImage(const GraphSections& sections) : file_(::memfd_create("image", 0)) {
    constexpr size_t kPage = 4096;
    for (size_t i = 0; i < sections.size(); ++i) {
      offsets_[i] = bytes_;
      sizes_[i] = sections[i].size();
      EXPECT_EQ(::pwrite(file_.get(), sections[i].data(), sizes_[i], static_cast<off_t>(bytes_)),
                static_cast<ssize_t>(sizes_[i]));
      bytes_ += (sizes_[i] + kPage - 1) / kPage * kPage;
    }
    EXPECT_EQ(::ftruncate(file_.get(), static_cast<off_t>(bytes_)), 0);
  }

  // This object must outlive the image that it returns.
  GraphImage map() {
    void* mapped = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE, file_.get(), 0);
    EXPECT_NE(mapped, MAP_FAILED);
    GraphImage image;
    for (size_t i = 0; i < kGraphSections; ++i)
      image.sections[i] = {static_cast<std::byte*>(mapped) + offsets_[i], sizes_[i]};
    image.release = [this, mapped] {
      ::munmap(mapped, bytes_);
      ++released;
    };
    return image;
  }
  int released = 0;

 private:
  Fd file_;
  std::array<size_t, kGraphSections> offsets_ = {};
  std::array<size_t, kGraphSections> sizes_ = {};
  size_t bytes_ = 0;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_TESTING_TEST_IMAGE_H_
