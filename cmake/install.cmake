# cmake --install build/release [--prefix DIR]: bin/vexfs, and sbin/mount.fuse.vexfs, the name under
# which mount(8) and /etc/fstab start it.
include(GNUInstallDirs)
install(TARGETS vexfs RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS vexfs-extract RUNTIME DESTINATION libexec/vexfs)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(CODE "
  set(sbin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}\")
  file(MAKE_DIRECTORY \"\${sbin}\")
  file(CREATE_LINK ../${CMAKE_INSTALL_BINDIR}/vexfs \"\${sbin}/mount.fuse.vexfs\" SYMBOLIC)
  message(STATUS \"Installing: \${sbin}/mount.fuse.vexfs\")
  if(NOT CMAKE_INSTALL_PREFIX MATCHES \"^/usr/?\$\")
    message(STATUS \"mount(8) looks for helpers in /sbin alone; for it and for fstab: \"
      \"ln -s \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/vexfs /sbin/mount.fuse.vexfs\")
  endif()
")
