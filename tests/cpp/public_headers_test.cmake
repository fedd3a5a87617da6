cmake_minimum_required(VERSION 3.25)

# The public headers are matfac.h and all that it includes. They show no solver, budget, objective or fold-in rule, so
# that these can change without a change for users, and they are the headers that are installed.
execute_process(COMMAND ${COMPILER} -std=c++20 -MM -I${SRC} -isystem ${EIGEN} -x c++ ${SRC}/matfac.h
                COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE dependencies)
string(REGEX MATCHALL "[^ \t\r\n:\\]+\\.h" included "${dependencies}")
list(TRANSFORM included REPLACE "^${SRC}/" "")
list(SORT included)
foreach(expected matfac.h training/trainer.h ranking/ranking_pass.h fold_in/fold_in.h)
  if(NOT expected IN_LIST included)
    message(FATAL_ERROR "Expected ${expected} among the public headers: ${included}")
  endif()
endforeach()

set(internal ${included})
list(FILTER internal INCLUDE REGEX "^solvers/|^rows/|^base/budget\\.h$|^training/objective\\.h$|rule\\.h$")
if(internal)
  message(FATAL_ERROR "matfac.h includes what is internal: ${internal}")
endif()

string(REPLACE "," ";" installed "${INSTALLED}")
list(TRANSFORM installed REPLACE "^${SRC}/" "")
list(SORT installed)
if(NOT installed STREQUAL included)
  message(FATAL_ERROR "Installed is not what matfac.h includes.\nInstalled: ${installed}\nIncluded: ${included}")
endif()
