# narthex_find_node(): sets NARTHEX_NODE, NARTHEX_NPM and NARTHEX_NODE_DEPENDS; the global property
# narthex_node is the same program, for tests in other folders.
#
# Vite needs Node.js 20.19. Where the machine's is older (Debian 12 has 18), npm brings a newer one
# into the build folder when the first web target is built.
set(NARTHEX_NODE_MINIMUM 20.19)
set(NARTHEX_NODE_VERSION 22.22.0)

macro(narthex_find_node)
  find_program(NARTHEX_SYSTEM_NODE node)
  find_program(NARTHEX_NPM npm)
  if(NOT NARTHEX_SYSTEM_NODE OR NOT NARTHEX_NPM)
    message(FATAL_ERROR "NARTHEX_WEB=${NARTHEX_WEB} needs node and npm (Debian packages nodejs and npm); "
      "-DNARTHEX_WEB=OFF builds without the web pages")
  endif()
  execute_process(COMMAND ${NARTHEX_SYSTEM_NODE} --version OUTPUT_VARIABLE node_version
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "^v" "" node_version "${node_version}")
  if(node_version VERSION_GREATER_EQUAL NARTHEX_NODE_MINIMUM)
    set(NARTHEX_NODE ${NARTHEX_SYSTEM_NODE})
    set(NARTHEX_NODE_DEPENDS "")
  else()
    set(node_dir ${CMAKE_CURRENT_BINARY_DIR}/node)
    set(NARTHEX_NODE ${node_dir}/node_modules/node/bin/node)
    set(NARTHEX_NODE_DEPENDS ${NARTHEX_NODE})
    add_custom_command(OUTPUT ${NARTHEX_NODE}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${node_dir}
      COMMAND ${NARTHEX_NPM} install --prefix ${node_dir} --no-save --no-audit --no-fund node@${NARTHEX_NODE_VERSION}
      COMMENT "Fetching Node.js ${NARTHEX_NODE_VERSION}: this machine has ${node_version}" VERBATIM)
  endif()
  set_property(GLOBAL PROPERTY narthex_node ${NARTHEX_NODE})
endmacro()
