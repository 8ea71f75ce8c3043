# Installs the client library into a folder of its own and builds and runs the example against it.
#   cmake -DBUILD=<build> -DSOURCE=<this folder> -DWORK=<scratch folder> -DCXX=<compiler> -P run.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --build ${BUILD} --target narthex_client_package)
run(${CMAKE_COMMAND} --install ${BUILD} --component narthex-client --prefix ${WORK}/prefix)
# Nothing of the layers below, and of no other library, may show in what was installed.
execute_process(
  COMMAND grep -rnE "#include [<\"](base|model|exposition|fmt|spdlog|protozero|re2|xxhash)" ${WORK}/prefix/include
  OUTPUT_VARIABLE foreign)
if(foreign)
  message(FATAL_ERROR "headers that a user does not have:\n${foreign}")
endif()
foreach(program example compat)
  if(EXISTS ${SOURCE}/${program})
    run(${CMAKE_COMMAND} -S ${SOURCE}/${program} -B ${WORK}/${program} -DCMAKE_PREFIX_PATH=${WORK}/prefix
      -DCMAKE_CXX_COMPILER=${CXX})
    run(${CMAKE_COMMAND} --build ${WORK}/${program})
    run(${WORK}/${program}/${program})
  endif()
endforeach()
file(REMOVE_RECURSE ${WORK})
