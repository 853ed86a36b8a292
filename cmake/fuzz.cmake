# vexfs_fuzz_target(<name> <file> <library>...): a libFuzzer program, bin/<name>, in the preset fuzz
# (Clang); nothing elsewhere. Inputs that once failed are kept in <directory of file>/<name>_corpus/
# and run by ctest as fuzz.<name>, with as many new ones as five seconds allow.
function(vexfs_fuzz_target name file)
  if(NOT VEXFS_FUZZ)
    return()
  endif()
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "VEXFS_FUZZ needs Clang: libFuzzer is part of it")
  endif()
  add_executable(${name} ${file})
  target_link_libraries(${name} PRIVATE ${ARGN} vexfs_strict)
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set(found ${CMAKE_CURRENT_BINARY_DIR}/${name}_found)  # libFuzzer writes to its first directory.
  file(MAKE_DIRECTORY ${found})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/${name}_corpus)
  if(NOT IS_DIRECTORY ${corpus})
    set(corpus)
  endif()
  add_test(NAME fuzz.${name} COMMAND ${name} -max_total_time=5 ${found} ${corpus})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
endfunction()

# The code under test reports its coverage too, or the fuzzer is blind.
if(VEXFS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
