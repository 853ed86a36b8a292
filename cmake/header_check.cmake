# Every header compiles alone. One with a .cc of its name is that file's first include
# (tools/tidy.py); the others get an object library per layer of one generated source per header. It
# is part of the default build, so a header that leans on its includer does not build.
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "fsanitize")
  return()  # The same sources again would say nothing new.
endif()

file(GLOB layers RELATIVE ${PROJECT_SOURCE_DIR}/src CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*)
foreach(layer IN LISTS layers)
  file(GLOB headers RELATIVE ${PROJECT_SOURCE_DIR}/src CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/src/${layer}/*.h)
  set(sources)
  foreach(header IN LISTS headers)
    string(REGEX REPLACE "h$" "cc" own ${header})
    if(EXISTS ${PROJECT_SOURCE_DIR}/src/${own})
      continue()
    endif()
    set(source ${PROJECT_BINARY_DIR}/headers/${own})
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n" @ONLY)
    list(APPEND sources ${source})
  endforeach()
  if(NOT sources)
    continue()
  endif()
  add_library(vexfs_${layer}_headers OBJECT ${sources})
  target_link_libraries(vexfs_${layer}_headers PRIVATE vexfs_strict PkgConfig::FUSE3)
  if(TARGET vexfs_${layer})
    get_target_property(type vexfs_${layer} TYPE)
    if(type MATCHES "LIBRARY")
      target_link_libraries(vexfs_${layer}_headers PRIVATE vexfs_${layer})
    endif()
  endif()
endforeach()
