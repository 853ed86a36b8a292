# vexfs_precompiled(<target>): a program of tests takes GoogleTest's header and those of the
# standard library that nearly every test includes from one precompiled header. It must be compiled
# with -O0, as the header is. Product code has none, so that a header which leans on its includer
# fails (cmake/header_check.cmake).
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cc
  CONTENT "// The precompiled header is made with the compiler options of this file.\n")
add_library(vexfs_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cc)
target_link_libraries(vexfs_precompiled PRIVATE vexfs_strict GTest::gtest PkgConfig::FUSE3)
target_compile_options(vexfs_precompiled PRIVATE -O0)
set_target_properties(vexfs_precompiled PROPERTIES UNITY_BUILD OFF)
target_precompile_headers(vexfs_precompiled PRIVATE
  <gtest/gtest.h>
  <fcntl.h> <sys/mman.h> <sys/stat.h> <unistd.h>
  <algorithm> <array> <atomic> <cerrno> <charconv> <chrono> <cmath> <condition_variable> <cstdio>
  <cstring> <deque> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional> <random>
  <set> <shared_mutex> <span> <string> <string_view> <thread> <unordered_map> <unordered_set>
  <utility> <vector>)

function(vexfs_precompiled target)
  target_precompile_headers(${target} REUSE_FROM vexfs_precompiled)
endfunction()
