# Warnings that every file of ours is built with. -Wvla and -Walloca keep the size of every frame
# known when it is compiled; tools/stack sums the frames along each call path.
add_library(vexfs_strict INTERFACE)
target_compile_options(vexfs_strict INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror -Wvla -Walloca)
# The locks of base/mutex.h: which field stands under which, and who must hold it.
target_compile_options(vexfs_strict INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
target_include_directories(vexfs_strict INTERFACE ${PROJECT_SOURCE_DIR}/src)

if(VEXFS_STACK_PROOF)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "VEXFS_STACK_PROOF needs GCC: -fcallgraph-info is its option")
  endif()
endif()

# The product links eagerly: lazy binding costs 3.2 KiB of stack on the first call of any function.
add_library(vexfs_eager_binding INTERFACE)
target_link_options(vexfs_eager_binding INTERFACE
  -Wl,-z,now -Wl,-z,relro -static-libstdc++ -static-libgcc)
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "fsanitize")
  set_target_properties(vexfs_eager_binding PROPERTIES
    INTERFACE_LINK_OPTIONS "-Wl,-z,now;-Wl,-z,relro")
endif()
