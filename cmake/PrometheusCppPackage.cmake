# For programs that were written for prometheus-cpp:
#   find_package(narthex-client COMPONENTS prometheus-cpp), target `narthex::prometheus-cpp`.
#
# A static archive of the layer `prometheus` and of what it needs besides `narthex::client`. Its headers
# lie in a folder of their own, so that who does not link it never sees a <prometheus/...>. Its user
# needs libcurl, OpenSSL, zlib, zstd, libcrypt, yaml-cpp and snappy. Built and installed on request:
#   cmake --build <build> --target narthex_prometheus_cpp_package
#   cmake --install <build> --component narthex-prometheus-cpp --prefix <prefix>
file(GLOB prometheus_cpp_sources CONFIGURE_DEPENDS
  src/domain/prometheus/*.cc src/domain/exposer/*.cc src/foundation/webconfig/*.cc
  src/foundation/http/*.cc src/foundation/yaml/*.cc src/foundation/io/*.cc)
list(APPEND prometheus_cpp_sources src/foundation/base/log.cc)

add_library(narthex_prometheus_cpp_package STATIC EXCLUDE_FROM_ALL ${prometheus_cpp_sources})
set_target_properties(narthex_prometheus_cpp_package PROPERTIES
  OUTPUT_NAME narthex-prometheus-cpp EXPORT_NAME prometheus-cpp POSITION_INDEPENDENT_CODE ON)
target_compile_definitions(narthex_prometheus_cpp_package
  PRIVATE FMT_HEADER_ONLY SPDLOG_FMT_EXTERNAL XXH_INLINE_ALL)
target_precompile_headers(narthex_prometheus_cpp_package PRIVATE ${package_pch})
target_include_directories(narthex_prometheus_cpp_package
  PRIVATE src/domain/prometheus src/domain/exposer src/domain/exposer/include src/foundation/webconfig
    src/foundation/webconfig/include src/foundation/http src/foundation/http/include
    src/foundation/yaml src/foundation/yaml/include src/foundation/io src/foundation/io/include src/domain/exposition/include src/domain/model/include
    src/foundation/base/include
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src/domain/prometheus/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/narthex-prometheus-cpp>)
target_link_libraries(narthex_prometheus_cpp_package PUBLIC narthex_client_package
  PRIVATE CURL::libcurl OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads zstd crypt
    yaml-cpp snappy)

install(TARGETS narthex_prometheus_cpp_package EXPORT narthex-prometheus-cpp-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT narthex-prometheus-cpp EXCLUDE_FROM_ALL)
install(DIRECTORY src/domain/prometheus/include/prometheus
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/narthex-prometheus-cpp
  COMPONENT narthex-prometheus-cpp EXCLUDE_FROM_ALL)
install(EXPORT narthex-prometheus-cpp-targets NAMESPACE narthex::
  FILE narthex-prometheus-cpp-targets.cmake
  DESTINATION ${package_dir} COMPONENT narthex-prometheus-cpp EXCLUDE_FROM_ALL)
