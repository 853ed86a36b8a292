// The names and kinds of the files in a `.vexfs`.
#ifndef VEXFS_FS_SURFACE_SURFACE_FILES_H_
#define VEXFS_FS_SURFACE_SURFACE_FILES_H_

#include <array>
#include <string_view>

#include "fs/backing/fuse_lowlevel.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs {

struct SurfaceName {
  std::string_view text;  // A zero byte follows it.
  SurfaceFile file;
};
inline constexpr std::array<SurfaceName, 9> kSurfaceNames = {{
    {"status", SurfaceFile::kStatus},
    {"stack", SurfaceFile::kStack},
    {"metrics", SurfaceFile::kMetrics},
    {"query", SurfaceFile::kQuery},
    {"query.f32", SurfaceFile::kQueryF32},
    {"control", SurfaceFile::kControl},
    {"search", SurfaceFile::kSearch},
    {"similar", SurfaceFile::kSimilar},
    {"saved", SurfaceFile::kSaved},
}};

// The file of a directory of results by which clients wait for changes. It is not listed, as
// otherwise tools that copy the directory would copy it.
inline constexpr std::string_view kChangesName = ".changes";

// Seconds that the kernel may cache what never changes.
inline constexpr double kSurfaceForever = 86400.0;

// Whether the file is a directory whose names are questions and lead to directories of results.
inline bool has_results(SurfaceFile file) {
  return file == SurfaceFile::kSearch || file == SurfaceFile::kSimilar ||
         file == SurfaceFile::kSaved;
}
inline bool is_directory(SurfaceFile file) {
  return file == SurfaceFile::kDirectory || has_results(file);
}
inline bool is_stream(SurfaceFile file) {
  return file == SurfaceFile::kQuery || file == SurfaceFile::kQueryF32 ||
         file == SurfaceFile::kControl;
}

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SURFACE_FILES_H_
