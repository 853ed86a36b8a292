// The names and targets of a directory of results: RANK_SCORE_NAME -> the file.
#ifndef VEXFS_FS_SURFACE_RESULT_ENTRIES_H_
#define VEXFS_FS_SURFACE_RESULT_ENTRIES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query/query.h"

namespace vexfs::fs {

struct ResultEntry {
  std::string name;    // "01_0.83_passport.md": at most limits::kNameBytesMax, unique by its rank.
  std::string target;  // `up`, and the hit's path.
};

// `up` leads from the directory of results to the one that was asked, "../../../". A hit whose
// target would be longer than a symlink can be is left out.
std::vector<ResultEntry> result_entries(std::span<const engine::Hit> hits, std::string_view up);

// The rank that an entry's name begins with; 0 when it does not begin with one.
uint32_t rank_of(std::string_view name);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_RESULT_ENTRIES_H_
