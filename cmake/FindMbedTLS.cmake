# mbedTLS 2.28 ships neither a CMake package nor a .pc file, 3.x both. Gives MbedTLS::mbedtls,
# MbedTLS::mbedx509 and MbedTLS::mbedcrypto either way.
find_package(MbedTLS CONFIG QUIET)
if(TARGET MbedTLS::mbedtls)
  set(MbedTLS_FOUND TRUE)
  return()
endif()

find_path(MbedTLS_INCLUDE_DIR mbedtls/version.h)
foreach(_name mbedtls mbedx509 mbedcrypto)
  find_library(MbedTLS_${_name}_LIBRARY ${_name})
  mark_as_advanced(MbedTLS_${_name}_LIBRARY)
endforeach()
mark_as_advanced(MbedTLS_INCLUDE_DIR)

if(MbedTLS_INCLUDE_DIR)
  # 2.x keeps the version in version.h, 3.x in build_info.h.
  foreach(_header version.h build_info.h)
    if(EXISTS "${MbedTLS_INCLUDE_DIR}/mbedtls/${_header}")
      file(STRINGS "${MbedTLS_INCLUDE_DIR}/mbedtls/${_header}" _line
        REGEX "^#define MBEDTLS_VERSION_STRING +\"[0-9.]+\"")
      if(_line)
        string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" MbedTLS_VERSION "${_line}")
      endif()
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MbedTLS
  REQUIRED_VARS MbedTLS_mbedtls_LIBRARY MbedTLS_mbedx509_LIBRARY MbedTLS_mbedcrypto_LIBRARY
                MbedTLS_INCLUDE_DIR
  VERSION_VAR MbedTLS_VERSION)

if(MbedTLS_FOUND)
  foreach(_name mbedcrypto mbedx509 mbedtls)
    add_library(MbedTLS::${_name} UNKNOWN IMPORTED)
    set_target_properties(MbedTLS::${_name} PROPERTIES
      IMPORTED_LOCATION "${MbedTLS_${_name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${MbedTLS_INCLUDE_DIR}")
  endforeach()
  set_property(TARGET MbedTLS::mbedx509 PROPERTY INTERFACE_LINK_LIBRARIES MbedTLS::mbedcrypto)
  set_property(TARGET MbedTLS::mbedtls PROPERTY INTERFACE_LINK_LIBRARIES MbedTLS::mbedx509)
endif()
