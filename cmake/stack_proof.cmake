# vexfs_prove_stack(<out_cc>): sets <out_cc> to a source that defines
# vexfs::fs::proved_stack_bounds() of fs/measure/stack_bounds.h, for the program to compile in.
#
# With VEXFS_STACK_PROOF the source holds the deepest path of every operation over the call graphs
# of all folders that a request may reach, and of every search. The test stack.proof fails past
# limits::kFsOperationStackBytes (for operations that may call the engine,
# VEXFS_FS_VECTOR_OPERATIONS: limits::kRequestStackBytes; for searches: limits::kSearchStackBytes)
# or where something cannot be proved. Without it the source is fs/measure/stack_bounds_none.cc. The
# libraries build with vexfs_strict.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# Reads a number from base/limits.h.
function(vexfs_limit name out)
  set(limits ${PROJECT_SOURCE_DIR}/src/base/limits.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${limits})
  file(STRINGS ${limits} line REGEX " ${name} = [0-9]+")
  if(NOT line MATCHES " ${name} = ([0-9]+)")
    message(FATAL_ERROR "${name} is not a number in ${limits}")
  endif()
  set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

# Sets <out> to the options of prove.py that say each operation's budget.
function(vexfs_stack_budgets out)
  vexfs_limit(kFsOperationStackBytes plain)
  vexfs_limit(kRequestStackBytes vector)
  vexfs_limit(kSearchStackBytes search)
  set(operations ${PROJECT_SOURCE_DIR}/src/fs/measure/operation.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${operations})
  file(READ ${operations} text)
  string(REGEX MATCH "define VEXFS_FS_VECTOR_OPERATIONS\\(X\\)[^#/]*" list "${text}")
  string(REGEX MATCHALL "X\\([a-z]+\\)" names "${list}")
  if(NOT names)
    message(FATAL_ERROR "VEXFS_FS_VECTOR_OPERATIONS is no list in ${operations}")
  endif()
  set(options --budget ${plain})
  foreach(name IN LISTS names)
    string(REGEX REPLACE "X\\((.*)\\)" "\\1" name ${name})
    list(APPEND options --budget-of ${name}=${vector})
  endforeach()
  foreach(name HnswIndex::search HnswIndex::search_exact HnswIndex::search_slots
               KnnSearchEngine::search)
    list(APPEND options --budget-of ${name}=${search})
  endforeach()
  set(${out} ${options} PARENT_SCOPE)
endfunction()

function(vexfs_prove_stack out_cc)
  if(NOT VEXFS_STACK_PROOF)
    set(${out_cc} ${PROJECT_SOURCE_DIR}/src/fs/measure/stack_bounds_none.cc PARENT_SCOPE)
    return()
  endif()

  set(bounds ${CMAKE_CURRENT_BINARY_DIR}/stack_bounds.cc)
  set(${out_cc} ${bounds} PARENT_SCOPE)
  vexfs_stack_budgets(budgets)
  set(tool ${PROJECT_SOURCE_DIR}/tools/stack)
  set(prove ${Python3_EXECUTABLE} -B ${tool}/prove.py)
  file(GLOB tool_files CONFIGURE_DEPENDS ${tool}/*.py ${tool}/*.json)
  set(objects)
  set(layers vexfs_fs_daemon vexfs_fs_requests vexfs_engine vexfs_engine_search
             vexfs_engine_indexing vexfs_engine_storage vexfs_fs_locks vexfs_fs_surface
             vexfs_engine_names vexfs_engine_query vexfs_fs_backing vexfs_engine_space vexfs_tree
             vexfs_fs vexfs_fs_measure vexfs_index vexfs_store vexfs_kernels vexfs_base)
  foreach(layer IN LISTS layers)
    # Only where it is read (cmake/precompiled.cmake).
    target_compile_options(${layer} PRIVATE -fcallgraph-info=su)
    list(APPEND objects $<TARGET_OBJECTS:${layer}>)
  endforeach()
  add_custom_command(
    OUTPUT ${bounds}
    COMMAND ${prove} --cc ${bounds} ${objects}
    DEPENDS ${layers} ${objects} ${tool_files}
    COMMENT "Proving the stack budget"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_test(NAME stack.proof COMMAND ${prove} ${budgets} ${objects} COMMAND_EXPAND_LISTS)
  set_tests_properties(stack.proof PROPERTIES LABELS stack)
endfunction()
