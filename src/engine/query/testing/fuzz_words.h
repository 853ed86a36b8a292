// Of fuzz targets: the texts that a request may hold.
#ifndef VEXFS_ENGINE_QUERY_TESTING_FUZZ_WORDS_H_
#define VEXFS_ENGINE_QUERY_TESTING_FUZZ_WORDS_H_

#include <string>

#include "base/limits.h"

namespace vexfs::engine {

inline bool is_word(const std::string& word) {
  return word.size() <= limits::kQueryWordBytesMax && word.find('\0') == std::string::npos;
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_TESTING_FUZZ_WORDS_H_
