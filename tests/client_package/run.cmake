# Installs the client library into a folder of its own and builds and runs the examples against it.
#   cmake -DBUILD=<build> -DSOURCE=<this folder> -DWORK=<scratch folder> -DCXX=<compiler>
#     -DPYTHON=<interpreter> -P run.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
endfunction()

# Configures and builds SOURCE/<program>.
function(build_program name program)
  run(${CMAKE_COMMAND} -S ${SOURCE}/${program} -B ${WORK}/${name} -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DCMAKE_CXX_COMPILER=${CXX} ${ARGN})
  run(${CMAKE_COMMAND} --build ${WORK}/${name})
endfunction()

# And runs it; what it prints goes to WORK/<name>.txt.
function(run_program name program)
  build_program(${name} ${program} ${ARGN})
  execute_process(COMMAND ${WORK}/${name}/${program} RESULT_VARIABLE result
    OUTPUT_FILE ${WORK}/${name}.txt ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${name} ended with ${result}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
foreach(package client prometheus-cpp)
  string(REPLACE "-" "_" target narthex_${package}_package)
  run(${CMAKE_COMMAND} --build ${BUILD} --target ${target})
  run(${CMAKE_COMMAND} --install ${BUILD} --component narthex-${package} --prefix ${WORK}/prefix)
endforeach()
# Nothing of the layers below, and of no other library, may show in what was installed.
execute_process(
  COMMAND grep -rnE "#include [<\"](base|model|exposition|http|exposer|fmt|spdlog|protozero|re2|xxhash|curl)"
    ${WORK}/prefix/include
  OUTPUT_VARIABLE foreign)
if(foreign)
  message(FATAL_ERROR "headers that a user does not have:\n${foreign}")
endif()

run_program(example example)
run_program(ours prometheus_cpp -DLIBRARY=ours)
# The same source with the library it was written for, where that is installed.
if(EXISTS /usr/include/prometheus/exposer.h)
  run_program(theirs prometheus_cpp -DLIBRARY=theirs)
  run(${PYTHON} ${SOURCE}/same_metrics.py ${WORK}/ours.txt ${WORK}/theirs.txt)
endif()
# The samples of that library's documentation, which serve and push for ever: they are linked only.
# A system may leave documentation out when it installs.
set(samples /usr/share/doc/prometheus-cpp-dev/examples)
if(EXISTS ${samples}/sample_server.cc)
  build_program(samples samples -DSAMPLES=${samples})
endif()
file(REMOVE_RECURSE ${WORK})
