// DirectorySet: a set of directories by their numbers of this process, a bit each. A scope becomes
// one, so that whether a hit is below it is a look at a bit.
#ifndef VEXFS_ENGINE_NAMES_DIRECTORY_SET_H_
#define VEXFS_ENGINE_NAMES_DIRECTORY_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/names/name_table.h"

namespace vexfs::engine {

class DirectorySet {
 public:
  void add(DirectoryIndex directory) {
    const auto i = static_cast<size_t>(directory);
    if (i / 64 >= words_.size()) words_.resize(i / 64 + 1);
    words_[i / 64] |= uint64_t{1} << (i % 64);
  }
  bool has(DirectoryIndex directory) const {
    const auto i = static_cast<size_t>(directory);
    return i / 64 < words_.size() && (words_[i / 64] >> (i % 64) & 1) != 0;
  }
  size_t bytes() const { return words_.capacity() * sizeof(uint64_t); }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_DIRECTORY_SET_H_
