# How a front end gets from its sources to `<app>.bin`, `<app>_index.inc` and `<app>.S` in embed_dir.

# Takes a quick compression for builds that live for minutes, the best one for those that ship.
set(NARTHEX_WEB_QUALITY $<IF:$<CONFIG:Debug>,5,11>)

function(narthex_web_assembly app)
  set(bin ${embed_dir}/${app}.bin)
  configure_file(${web_dir}/embed/assets.S.in ${embed_dir}/${app}.S @ONLY)
  set_source_files_properties(${embed_dir}/${app}.S PROPERTIES OBJECT_DEPENDS ${bin})
endfunction()

# One page, written at configure time.
function(narthex_web_placeholder app)
  set(page ${web_dir}/embed/placeholder.html)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  configure_file(${page} ${embed_dir}/${app}.bin COPYONLY)
  file(SIZE ${page} size)
  file(SHA256 ${page} hash)
  string(SUBSTRING ${hash} 0 16 etag)
  file(CONFIGURE OUTPUT ${embed_dir}/${app}_index.inc CONTENT
    "{\"/index.html\", \"text/html; charset=utf-8\", \"\\\"${etag}\\\"\", false, {0u, ${size}u}, {0u, 0u}, {0u, 0u}},\n")
  narthex_web_assembly(${app})
endfunction()

# Packs the folder `dist`; the other arguments are what it depends on.
function(narthex_web_pack app dist)
  set_property(GLOBAL PROPERTY narthex_web_dist_${app} ${dist})
  add_custom_command(OUTPUT ${embed_dir}/${app}.bin ${embed_dir}/${app}_index.inc
    COMMAND ${NARTHEX_NODE} ${web_dir}/tools/pack.mjs --quality ${NARTHEX_WEB_QUALITY} --prefix ${app} ${dist} ${embed_dir}
    DEPENDS ${ARGN} ${web_dir}/tools/pack.mjs ${NARTHEX_NODE_DEPENDS}
    COMMENT "Packing the web app ${app}" VERBATIM)
  narthex_web_assembly(${app})
endfunction()

# node_modules as the lock file says; the stamp is what later steps depend on.
function(narthex_web_modules)
  add_custom_command(OUTPUT ${embed_dir}/modules.stamp
    COMMAND ${NARTHEX_NODE} ${web_dir}/embed/install.mjs ${web_dir} --npm ${NARTHEX_NPM}
    COMMAND ${CMAKE_COMMAND} -E touch ${embed_dir}/modules.stamp
    DEPENDS ${web_dir}/package-lock.json ${web_dir}/embed/install.mjs ${NARTHEX_NODE_DEPENDS}
    COMMENT "Checking node_modules" VERBATIM)
endfunction()

# narthex_web_build(<app> PACKAGES <name or glob>...): vite build, then pack.
function(narthex_web_build app)
  cmake_parse_arguments(ARG "" "" "PACKAGES" ${ARGN})
  set(app_dir ${web_dir}/apps/${app})
  list(TRANSFORM ARG_PACKAGES PREPEND ${web_dir}/packages/ OUTPUT_VARIABLE package_globs)
  list(TRANSFORM package_globs APPEND /src/*)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${app_dir}/src/* ${app_dir}/public/* ${package_globs})
  file(GLOB configs CONFIGURE_DEPENDS ${app_dir}/*.html ${app_dir}/*.ts ${app_dir}/package.json)
  set(stamp ${embed_dir}/${app}_dist.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${NARTHEX_NODE} ${web_dir}/node_modules/vite/bin/vite.js build --logLevel warn
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    WORKING_DIRECTORY ${app_dir}
    DEPENDS ${sources} ${configs} ${web_dir}/tsconfig.base.json ${web_dir}/tools/licences.mjs ${embed_dir}/modules.stamp
    COMMENT "Building the web app ${app}" VERBATIM)
  narthex_web_pack(${app} ${app_dir}/dist ${stamp})
endfunction()

# What another build made: packed files are taken as they are, a folder of vite's is packed.
macro(narthex_web_prebuilt app)
  if(EXISTS ${NARTHEX_WEB_DIST}/${app}.bin AND EXISTS ${NARTHEX_WEB_DIST}/${app}_index.inc)
    configure_file(${NARTHEX_WEB_DIST}/${app}.bin ${embed_dir}/${app}.bin COPYONLY)
    configure_file(${NARTHEX_WEB_DIST}/${app}_index.inc ${embed_dir}/${app}_index.inc COPYONLY)
    narthex_web_assembly(${app})
  elseif(EXISTS ${NARTHEX_WEB_DIST}/${app}/index.html)
    narthex_find_node()
    file(GLOB_RECURSE prebuilt_files CONFIGURE_DEPENDS ${NARTHEX_WEB_DIST}/${app}/*)
    narthex_web_pack(${app} ${NARTHEX_WEB_DIST}/${app} ${prebuilt_files})
  else()
    message(FATAL_ERROR "NARTHEX_WEB=PREBUILT needs NARTHEX_WEB_DIST, a folder with ${app}.bin and ${app}_index.inc, "
      "or with ${app}/index.html; it is '${NARTHEX_WEB_DIST}'")
  endif()
endmacro()

# Where a dist folder is at hand.
function(narthex_web_budget app limit_kib)
  get_property(dist GLOBAL PROPERTY narthex_web_dist_${app})
  if(NOT dist)
    return()
  endif()
  add_test(NAME web_budget_${app} COMMAND ${NARTHEX_NODE} ${web_dir}/embed/budget.mjs ${dist} ${limit_kib})
  set_tests_properties(web_budget_${app} PROPERTIES LABELS unit TIMEOUT 60)
endfunction()

# Lint, types and unit tests of the workspace.
function(narthex_web_tests)
  set(bin ${web_dir}/node_modules)
  add_test(NAME web_lint COMMAND ${bin}/.bin/oxlint --quiet WORKING_DIRECTORY ${web_dir})
  add_test(NAME web_types COMMAND ${bin}/.bin/tsc --noEmit -p tsconfig.json WORKING_DIRECTORY ${web_dir})
  add_test(NAME web_unit COMMAND ${NARTHEX_NODE} ${bin}/vitest/vitest.mjs run WORKING_DIRECTORY ${web_dir})
  get_filename_component(node_dir ${NARTHEX_NODE} DIRECTORY)
  set_tests_properties(web_lint web_types web_unit PROPERTIES LABELS unit TIMEOUT 300
    ENVIRONMENT_MODIFICATION PATH=path_list_prepend:${node_dir})
endfunction()
