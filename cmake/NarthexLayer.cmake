# narthex_layer(<name> [DEPS layer...] [PRIVATE_DEPS layer...] [LIBS target...])
#
# One call is the whole CMakeLists.txt of a layer. It takes every *.cc beside it, exports include/ as
# the only public include root and builds tests/*_test.cc into <name>_test.
#   DEPS          layers whose headers appear in ours
#   PRIVATE_DEPS  layers that only our .cc files use
#   LIBS          third-party targets, private
# A dependency that is not declared yet stops the configuration: layers are added bottom up in
# src/CMakeLists.txt, so no upward edge and no cycle can exist.

# The layers are tested as they are shipped; what asks them need not be fast, but is a third of the build.
set(NARTHEX_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)

# The standard headers that nearly every file wants, compiled once for all layers.
function(narthex_pch)
  if(TARGET narthex_pch)
    return()
  endif()
  add_library(narthex_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch.cc)
  target_link_libraries(narthex_pch PRIVATE narthex_flags fmt::fmt Threads::Threads)
  target_precompile_headers(narthex_pch PRIVATE
    <algorithm> <array> <atomic> <bit> <chrono> <cmath> <cstddef> <cstdint> <cstring> <functional>
    <limits> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <tuple>
    <type_traits> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
  if(NARTHEX_TESTS)
    add_library(narthex_test_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/pch.cc)
    target_link_libraries(narthex_test_pch PRIVATE narthex_flags fmt::fmt Threads::Threads GTest::gtest GTest::gmock)
    target_compile_options(narthex_test_pch PRIVATE ${NARTHEX_TEST_OPTIONS})
    target_precompile_headers(narthex_test_pch PRIVATE
      <algorithm> <chrono> <cmath> <cstdint> <functional> <map> <memory> <optional> <span> <string>
      <string_view> <thread> <utility> <variant> <vector> <fmt/format.h> <gtest/gtest.h> <gmock/gmock.h>)
  endif()
endfunction()

# Adds a GoogleTest program with precompiled headers, found by CTest under LABEL.
function(narthex_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT NARTHEX_TESTS)
    return()
  endif()
  narthex_pch()
  list(TRANSFORM ARG_DEPS PREPEND narthex_)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE narthex_flags ${ARG_DEPS} ${ARG_LIBS} fmt::fmt Threads::Threads
    GTest::gtest GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM narthex_test_pch)
  target_compile_options(${name} PRIVATE ${NARTHEX_TEST_OPTIONS})
  target_compile_definitions(${name} PRIVATE
    NARTHEX_TESTDATA="${CMAKE_CURRENT_SOURCE_DIR}/tests/testdata" NARTHEX_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  # PRE_TEST: listing happens when CTest runs, not in every build.
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

function(narthex_layer name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE_DEPS;LIBS" ${ARGN})
  narthex_pch()
  foreach(dep IN LISTS ARG_DEPS ARG_PRIVATE_DEPS)
    if(NOT TARGET narthex_${dep})
      message(FATAL_ERROR "layer ${name} depends on ${dep}, which is not declared below it")
    endif()
  endforeach()
  set(public_deps ${ARG_DEPS})
  set(private_deps ${ARG_PRIVATE_DEPS})
  list(TRANSFORM public_deps PREPEND narthex_)
  list(TRANSFORM private_deps PREPEND narthex_)

  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  file(GLOB headers CONFIGURE_DEPENDS include/${name}/*.h)
  if(sources)
    add_library(narthex_${name} STATIC ${sources})
    target_link_libraries(narthex_${name} PUBLIC ${public_deps}
      PRIVATE narthex_flags ${private_deps} ${ARG_LIBS} fmt::fmt Threads::Threads)
    target_precompile_headers(narthex_${name} REUSE_FROM narthex_pch)
    target_sources(narthex_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
    set_target_properties(narthex_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    target_include_directories(narthex_${name} PUBLIC include PRIVATE .)
  else()
    # Contracts only: headers without a line of object code.
    add_library(narthex_${name} INTERFACE)
    target_link_libraries(narthex_${name} INTERFACE ${public_deps})
    target_sources(narthex_${name} INTERFACE FILE_SET HEADERS BASE_DIRS include FILES ${headers})
    target_include_directories(narthex_${name} INTERFACE include)
  endif()

  # Cases of the corpus run apart from the unit tests, under a label of their own.
  file(GLOB tests CONFIGURE_DEPENDS tests/*.cc tests/*.h)
  set(conformance_tests ${tests})
  list(FILTER conformance_tests INCLUDE REGEX "/conformance_test\\.cc$")
  list(FILTER tests EXCLUDE REGEX "/conformance_test\\.cc$")
  foreach(kind unit conformance)
    if(kind STREQUAL unit)
      set(test ${name}_test)
      set(test_sources ${tests})
    else()
      set(test ${name}_conformance)
      set(test_sources ${conformance_tests})
    endif()
    if(test_sources AND NARTHEX_TESTS)
      narthex_test(${test} LABEL ${kind} SOURCES ${test_sources} DEPS ${name} ${ARG_DEPS} ${ARG_PRIVATE_DEPS})
      # Tests of a layer may see its private headers; other layers cannot.
      target_include_directories(${test} PRIVATE . tests ${PROJECT_SOURCE_DIR}/src/foundation/base/tests
        ${PROJECT_SOURCE_DIR}/src/foundation/io/tests ${PROJECT_SOURCE_DIR}/tests/conformance)
      target_link_libraries(${test} PRIVATE ${ARG_LIBS})
    endif()
  endforeach()
endfunction()
