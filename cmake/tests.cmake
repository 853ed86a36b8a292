# vexfs_unit_tests(<layer> <file>...): one GoogleTest program per layer, its sources beside the
# code.
include(GoogleTest)
function(vexfs_unit_tests layer)
  add_executable(${layer}_test ${ARGN})
  target_link_libraries(${layer}_test PRIVATE
    vexfs_${layer} vexfs_strict GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${layer}_test TEST_PREFIX "${layer}." PROPERTIES LABELS unit)
endfunction()
