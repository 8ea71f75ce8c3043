include(${CMAKE_CURRENT_LIST_DIR}/narthex-client-targets.cmake)
