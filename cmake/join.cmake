# vexfs_join(<target>): where VEXFS_JOIN is on, its files are compiled some at a time, since most of
# the time goes into headers. Not for layers whose call graph is proved: a joined file's frames are
# not those of the files alone.
function(vexfs_join target)
  if(NOT VEXFS_JOIN)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  # What is joined is included by a file of CMake's: to GCC its own types look like a header's.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()
