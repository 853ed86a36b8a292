# vexfs_unit_tests(<folder> <file>...): one GoogleTest program for a folder below src/, its sources
# beside the code. Those of engine/search are engine_search_test, its tests are engine.search.*, and
# the target engine_tests builds the programs of engine and of all folders below it.
include(GoogleTest)
function(vexfs_unit_tests folder)
  string(REPLACE "/" "_" name ${folder})
  string(REPLACE "/" "." prefix ${folder})
  string(REGEX REPLACE "/.*" "" top ${folder})
  set(all ${top}_tests)
  add_executable(${name}_test ${ARGN})
  target_link_libraries(${name}_test PRIVATE
    vexfs_${name} vexfs_strict GTest::gtest GTest::gtest_main)
  # What these measure, stack and allocations, is in part compiled here: as the product is.
  set(measures base engine engine/space index kernels)
  if(folder IN_LIST measures AND NOT CMAKE_CXX_FLAGS_DEBUG MATCHES "fsanitize")
    vexfs_join(${name}_test)
  else()
    vexfs_test_program(${name}_test)
  endif()
  # ctest starts tests by COST, the highest first: those that compute long must not come last.
  set(cost 1)
  set(long engine/names engine/space index store)
  if(folder IN_LIST long)
    set(cost 20)
  endif()
  gtest_discover_tests(${name}_test TEST_PREFIX "${prefix}." PROPERTIES LABELS unit COST ${cost})
  if(NOT TARGET ${all})
    add_custom_target(${all})
  endif()
  add_dependencies(${all} ${name}_test)
endfunction()

# vexfs_test_program(<target>): what is written in tests is compiled fast rather than run fast.
function(vexfs_test_program target)
  vexfs_join(${target})
  target_compile_options(${target} PRIVATE -O0)
  target_precompile_headers(${target} REUSE_FROM vexfs_precompiled_tests)
endfunction()
