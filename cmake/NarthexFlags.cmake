# Flags of every target. Warnings are errors: both g++ and clang have to be silent.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(NARTHEX_CCACHE ccache)
if(NARTHEX_CCACHE)
  # Precompiled headers change the preprocessed text; these two rules make ccache look past that.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${NARTHEX_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(narthex_flags INTERFACE)
target_compile_options(narthex_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  # Fields with a default are left out on purpose, by name; g++ 12 warns of that, clang does not.
  -Wno-missing-field-initializers
  -fno-omit-frame-pointer
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>
  # False alarms of g++ 12 at -O2, in the code of std::string, std::vector and std::optional.
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread>
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wthread-safety -Wno-unused-command-line-argument>
  # std::stable_sort of libstdc++ 12 itself uses what it deprecates.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>)
if(NARTHEX_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Boost.Asio has a fence in its dispatcher, which the sanitizer does not understand and warns of.
  target_compile_options(narthex_flags INTERFACE -Wno-tsan)
endif()
if(NARTHEX_SANITIZE)
  target_compile_options(narthex_flags INTERFACE -fsanitize=${NARTHEX_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(narthex_flags INTERFACE -fsanitize=${NARTHEX_SANITIZE})
endif()
if(NARTHEX_FUZZ)
  # The layers too tell the fuzzer which way they went: it is theirs that it looks for.
  target_compile_options(narthex_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Position independent code costs speed and buys nothing in one static program.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

find_program(NARTHEX_LLD ld.lld NAMES ld.lld-19 ld.lld)
if(NARTHEX_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()
