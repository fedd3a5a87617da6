# Installs BUILD in an empty prefix, builds EXAMPLE with find_package(matfac), and runs it on a good and a bad file.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE output ECHO_OUTPUT_VARIABLE ECHO_ERROR_VARIABLE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect pattern)
  if(NOT output MATCHES "${pattern}")
    message(FATAL_ERROR "Expected /${pattern}/ in:\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_PREFIX_PATH=${WORK}/prefix
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/build)

# Each installed header finds its includes.
file(GLOB_RECURSE headers RELATIVE ${WORK}/prefix/include ${WORK}/prefix/include/*.h)
list(TRANSFORM headers REPLACE "(.+)" "#include <\\1>")
list(JOIN headers "\n" source)
file(WRITE ${WORK}/headers.cpp "${source}\n")
run(${COMPILER} -std=c++20 -fsyntax-only -I${WORK}/prefix/include -I${WORK}/prefix/include/matfac -isystem ${EIGEN}
    ${WORK}/headers.cpp)

# Even users like even items, and odd users odd items.
set(rows "user,item,rating\n")
foreach(user RANGE 1 30)
  foreach(item RANGE 1 20)
    math(EXPR skip "(${user} * 7 + ${item} * 5) % 3")
    math(EXPR likes "5 - 3 * ((${user} + ${item}) % 2)")
    if(NOT skip EQUAL 0)
      string(APPEND rows "u${user},film ${item},${likes}\n")
    endif()
  endforeach()
endforeach()
file(WRITE ${WORK}/ratings.csv "${rows}")
run(${WORK}/build/recommend ${WORK}/ratings.csv u2)
expect("400 ratings of 20 items by 30 users")
expect("test RMSE 0\\.[0-9]+")
expect("for u2:\n  film [0-9]*[02468] ")

file(WRITE ${WORK}/bad.csv "user,item,rating\nann,dune,5\nann,emma,good\n")
execute_process(COMMAND ${WORK}/build/recommend ${WORK}/bad.csv RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 1)
  message(FATAL_ERROR "Expected exit status 1 for a bad file, not ${status}")
endif()
expect("line 3: rating must be a number; it is 'good'")
