# Half of the time that a source takes goes into the headers of the standard library, so these are
# precompiled: once for the product, once with GoogleTest for programs of tests. None of ours is: a
# header that leans on its includer must not compile (cmake/header_check.cmake). What a precompiled
# header hides from the compiler, an include of the standard library that is not there, is found
# by tools/standard_headers.py.
#
# A precompiled header serves the targets that are compiled with its optimisation only, and none
# that defines macros which the library reads (the extractor's, for GLib), nor any that writes its
# call graph: GCC 12 fails where that meets a function from a precompiled header.

# vexfs_precompiled_header(<name> <optimisation> <library>... HEADERS <header>...)
function(vexfs_precompiled_header name optimisation)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "HEADERS")
  set(source ${PROJECT_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${source}
    CONTENT "// The precompiled header is made with the compiler options of this file.\n")
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE vexfs_strict ${arg_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE ${optimisation})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

set(common
  <algorithm> <array> <atomic> <bit> <cerrno> <chrono> <condition_variable> <cstdint> <cstring>
  <functional> <map> <memory> <mutex> <optional> <shared_mutex> <span> <string> <string_view>
  <thread> <unordered_map> <utility> <vector>)
vexfs_precompiled_header(vexfs_precompiled "" HEADERS ${common})
vexfs_precompiled_header(vexfs_precompiled_tests -O0 GTest::gtest PkgConfig::FUSE3 HEADERS
  <gtest/gtest.h> ${common}
  <fcntl.h> <sys/mman.h> <sys/stat.h> <unistd.h>
  <charconv> <cmath> <cstdio> <deque> <filesystem> <fstream> <random> <set> <unordered_set>)

# vexfs_precompile_below(<directory>): the libraries and programs of the product in it and below.
function(vexfs_precompile_below directory)
  get_directory_property(targets DIRECTORY ${directory} BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(options ${target} COMPILE_OPTIONS)
    if(type MATCHES "LIBRARY|EXECUTABLE" AND NOT type MATCHES "INTERFACE"
       AND NOT target MATCHES "_(test|fuzz)$|extract" AND NOT options MATCHES "-O|-fcallgraph-info")
      target_precompile_headers(${target} REUSE_FROM vexfs_precompiled)
    endif()
  endforeach()
  get_directory_property(below DIRECTORY ${directory} SUBDIRECTORIES)
  foreach(each IN LISTS below)
    vexfs_precompile_below(${each})
  endforeach()
endfunction()
