# What `cmake --install` puts where, and the two ways in which others find it: find_package() and
# pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/debugtoolbar")
set(_pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(TARGETS debugtoolbar debugtoolbar_sqlite3 debugtoolbar_sqlite3_static
  EXPORT debugtoolbarTargets
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT debugtoolbarTargets NAMESPACE debugtoolbar:: DESTINATION "${_package_dir}")

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/debugtoolbarConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/debugtoolbarConfig.cmake"
  INSTALL_DESTINATION "${_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/debugtoolbarConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/debugtoolbarConfig.cmake"
  "${PROJECT_BINARY_DIR}/debugtoolbarConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/FindMbedTLS.cmake"
  DESTINATION "${_package_dir}")

# mbedTLS has .pc files since 3.6; before that its libraries are named.
pkg_check_modules(MBEDTLS_PC QUIET mbedtls)
set(_mbedtls_requires "")
set(_own_libs "")
if(MBEDTLS_PC_FOUND)
  set(_mbedtls_requires "mbedtls mbedx509 mbedcrypto")
else()
  get_filename_component(_directory "${MbedTLS_mbedtls_LIBRARY}" DIRECTORY)
  if(_directory AND NOT _directory IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
    set(_own_libs "-L${_directory} ")
  endif()
  string(APPEND _own_libs "-lmbedtls -lmbedx509 -lmbedcrypto ")
endif()
if(TOOLBAR_WITH_LIBDW)
  string(APPEND _own_libs "-ldw ")
endif()
foreach(_library IN LISTS CMAKE_THREAD_LIBS_INIT CMAKE_DL_LIBS)
  if(NOT _library MATCHES "^-")
    set(_library "-l${_library}")
  endif()
  string(APPEND _own_libs "${_library} ")
endforeach()

# Whoever links the static library needs its dependencies too, without having to say --static.
get_target_property(_type debugtoolbar TYPE)
if(_type STREQUAL "STATIC_LIBRARY")
  set(PC_REQUIRES "${_mbedtls_requires}")
  set(PC_LIBS "${_own_libs}")
else()
  set(PC_REQUIRES_PRIVATE "${_mbedtls_requires}")
  set(PC_LIBS_PRIVATE "${_own_libs}")
endif()
# Relative to the file itself, so that an installed tree can be moved.
file(RELATIVE_PATH PC_PREFIX "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
set(PC_LIBDIR "\${prefix}")
set(PC_INCLUDEDIR "\${prefix}")
cmake_path(APPEND PC_LIBDIR "${CMAKE_INSTALL_LIBDIR}")
cmake_path(APPEND PC_INCLUDEDIR "${CMAKE_INSTALL_INCLUDEDIR}")
foreach(_pc debugtoolbar debugtoolbar-sqlite3)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${_pc}.pc.in" "${PROJECT_BINARY_DIR}/${_pc}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${_pc}.pc" DESTINATION "${_pc_dir}")
endforeach()
