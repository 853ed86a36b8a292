# vexfs_unit_tests(<folder> <file>...): one GoogleTest program for a folder below src/, its sources
# beside the code. Those of engine/search are engine_search_test, its tests are engine.search.*, and
# the target engine_tests builds the programs of engine and of all folders below it.
include(GoogleTest)
function(vexfs_unit_tests folder)
  string(REPLACE "/" "_" name ${folder})
  string(REPLACE "/" "." prefix ${folder})
  string(REGEX REPLACE "/.*" "_tests" all ${folder})
  add_executable(${name}_test ${ARGN})
  target_link_libraries(${name}_test PRIVATE
    vexfs_${name} vexfs_strict GTest::gtest GTest::gtest_main)
  # In a release build they measure the folders' inline functions too: those are compiled here.
  if(CMAKE_CXX_FLAGS_DEBUG MATCHES "fsanitize")
    vexfs_test_program(${name}_test)
  else()
    vexfs_join(${name}_test)
  endif()
  gtest_discover_tests(${name}_test TEST_PREFIX "${prefix}." PROPERTIES LABELS unit)
  if(NOT TARGET ${all})
    add_custom_target(${all})
  endif()
  add_dependencies(${all} ${name}_test)
endfunction()

# vexfs_test_program(<target>): what is written in tests is compiled fast rather than run fast.
function(vexfs_test_program target)
  vexfs_join(${target})
  target_compile_options(${target} PRIVATE -O0)
endfunction()
