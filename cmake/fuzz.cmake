# vexfs_fuzz_target(<name> <file> <library>...): a fuzz target, bin/<name>, with its corpus in
# tests/fuzz/corpus/<name>/: inputs of every kind, and all that once failed.
#
# In the preset fuzz (Clang) it is a libFuzzer program, and ctest runs it as fuzz.<name> with as
# many new inputs as five seconds allow. Elsewhere fuzz.<name> replays the corpus, under whatever
# sanitizers the build has; not in release builds, where an input can do harm unseen.
function(vexfs_fuzz_target name file)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  if(VEXFS_FUZZ AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "VEXFS_FUZZ needs Clang: libFuzzer is part of it")
  endif()
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(${name} ${file})
  target_link_libraries(${name} PRIVATE ${ARGN} vexfs_strict)
  if(VEXFS_FUZZ)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}_found)  # libFuzzer writes to its first directory.
    file(MAKE_DIRECTORY ${found})
    add_test(NAME fuzz.${name} COMMAND ${name} -max_total_time=5 ${found} ${corpus})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cc)
    add_test(NAME fuzz.${name} COMMAND ${name} ${corpus})
  endif()
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
endfunction()

# The code under test reports its coverage too, or the fuzzer is blind.
if(VEXFS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
