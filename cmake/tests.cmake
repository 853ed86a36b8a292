# vexfs_unit_tests(<layer> <file>...): one GoogleTest program per layer, its sources beside the
# code.
include(GoogleTest)
function(vexfs_unit_tests layer)
  add_executable(${layer}_test ${ARGN})
  target_link_libraries(${layer}_test PRIVATE
    vexfs_${layer} vexfs_strict GTest::gtest GTest::gtest_main)
  # In a release build they measure the layers' inline functions too: those are compiled here.
  if(CMAKE_CXX_FLAGS_DEBUG MATCHES "fsanitize")
    vexfs_test_program(${layer}_test)
  else()
    vexfs_join(${layer}_test)
  endif()
  gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}." PROPERTIES LABELS unit)
endfunction()

# vexfs_test_program(<target>): what is written in tests is compiled fast rather than run fast.
function(vexfs_test_program target)
  vexfs_join(${target})
  target_compile_options(${target} PRIVATE -O0)
endfunction()
