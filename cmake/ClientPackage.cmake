# The client library for other programs: `find_package(narthex-client)`, target `narthex::client`.
#
# One static archive of all that `client` needs of the layers below it, and the headers of `client`
# alone: its user needs nothing but the standard library. Built and installed on request:
#   cmake --build <build> --target narthex_client_package
#   cmake --install <build> --component narthex-client --prefix <prefix>
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

file(GLOB client_sources CONFIGURE_DEPENDS
  src/domain/client/*.cc src/domain/exposition/*.cc)
foreach(name bucket_list histogram histogram_buckets label_set_builder labels metadata name_escaping quote utf8)
  list(APPEND client_sources src/domain/model/${name}.cc)
endforeach()
foreach(name bytes check clock error hash number)
  list(APPEND client_sources src/foundation/base/${name}.cc)
endforeach()

add_library(narthex_client_package STATIC EXCLUDE_FROM_ALL ${client_sources})
set_target_properties(narthex_client_package PROPERTIES
  OUTPUT_NAME narthex-client EXPORT_NAME client POSITION_INDEPENDENT_CODE ON)
# What they use of other libraries is in headers then, and so in the archive.
target_compile_definitions(narthex_client_package PRIVATE FMT_HEADER_ONLY XXH_INLINE_ALL)
target_compile_features(narthex_client_package PUBLIC cxx_std_20)
# Not those of the layers: the definitions are part of what is precompiled.
set(package_pch <algorithm> <array> <atomic> <bit> <chrono> <cmath> <cstdint> <cstring> <functional> <map> <memory>
  <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
target_precompile_headers(narthex_client_package PRIVATE ${package_pch})
# No -Werror and its like: what warns here, warns in the layers.
target_include_directories(narthex_client_package
  PRIVATE src/domain/client src/domain/exposition src/domain/model src/domain/exposition/include
    src/domain/model/include src/foundation/base/include
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src/domain/client/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/narthex>)

install(TARGETS narthex_client_package EXPORT narthex-client-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT narthex-client EXCLUDE_FROM_ALL)
install(DIRECTORY src/domain/client/include/client DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/narthex
  COMPONENT narthex-client EXCLUDE_FROM_ALL)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/narthex-client)
install(EXPORT narthex-client-targets NAMESPACE narthex:: FILE narthex-client-targets.cmake
  DESTINATION ${package_dir} COMPONENT narthex-client EXCLUDE_FROM_ALL)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/narthex-client-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/narthex-client-config.cmake ${CMAKE_BINARY_DIR}/narthex-client-config-version.cmake
  DESTINATION ${package_dir} COMPONENT narthex-client EXCLUDE_FROM_ALL)
