// The model file of assets/ is linked into the program's read-only data. The kernel reads a page of
// it from the disk when the page is first touched.
#include <cstdlib>

#include "text/static_model.h"

// The assembler finds the file through the include path that CMake gives it.
__asm__(
    ".section .rodata\n"
    ".balign 64\n"
    ".global vexfs_builtin_model_start\n"
    "vexfs_builtin_model_start:\n"
    ".incbin \"static-256.vfsemb\"\n"
    ".global vexfs_builtin_model_end\n"
    "vexfs_builtin_model_end:\n"
    ".previous\n");

extern "C" const std::byte vexfs_builtin_model_start[];
extern "C" const std::byte vexfs_builtin_model_end[];

namespace vexfs::text {

const StaticModel& builtin_model() {
  static const StaticModel model = [] {
    Result<StaticModel> opened =
        StaticModel::open({vexfs_builtin_model_start, vexfs_builtin_model_end});
    // Only a wrong build can get here: the file is a part of the program.
    if (!opened.ok()) std::abort();
    return std::move(opened).value();
  }();
  return model;
}

}  // namespace vexfs::text
