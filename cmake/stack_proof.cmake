# vexfs_prove_stack(<out_cc> <static library target>...): sets <out_cc> to a generated source that
# defines vexfs::fs::proved_stack_bounds() of fs/stack_bounds.h, for the program to compile in.
#
# With VEXFS_STACK_PROOF the source holds the deepest path of every operation over the call graphs
# of the targets, and the test stack.proof fails past limits::kFsOperationStackBytes or where
# something cannot be proved. Without it the table is empty. The targets build with vexfs_strict.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

function(vexfs_prove_stack out_cc)
  set(bounds ${CMAKE_CURRENT_BINARY_DIR}/stack_bounds.cc)
  set(${out_cc} ${bounds} PARENT_SCOPE)
  if(NOT VEXFS_STACK_PROOF)
    file(CONFIGURE OUTPUT ${bounds} @ONLY CONTENT [[
// No stack proof in this build (VEXFS_STACK_PROOF is off).
#include "fs/stack_bounds.h"

namespace vexfs::fs {

std::span<const StackBound> proved_stack_bounds() { return {}; }

}  // namespace vexfs::fs
]])
    return()
  endif()

  set(limits ${PROJECT_SOURCE_DIR}/src/base/limits.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${limits})
  file(STRINGS ${limits} budget REGEX " kFsOperationStackBytes = [0-9]+")
  if(NOT budget MATCHES " kFsOperationStackBytes = ([0-9]+)")
    message(FATAL_ERROR "kFsOperationStackBytes is not a number in ${limits}")
  endif()
  set(budget ${CMAKE_MATCH_1})

  set(tool ${PROJECT_SOURCE_DIR}/tools/stack)
  set(prove ${Python3_EXECUTABLE} -B ${tool}/prove.py)
  file(GLOB tool_files CONFIGURE_DEPENDS ${tool}/*.py ${tool}/*.json)
  set(objects)
  foreach(target IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:${target}>)
  endforeach()
  add_custom_command(
    OUTPUT ${bounds}
    COMMAND ${prove} --cc ${bounds} ${objects}
    DEPENDS ${ARGN} ${objects} ${tool_files}
    COMMENT "Proving the stack budget"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_test(NAME stack.proof COMMAND ${prove} --budget ${budget} ${objects} COMMAND_EXPAND_LISTS)
  set_tests_properties(stack.proof PROPERTIES LABELS stack)
endfunction()
