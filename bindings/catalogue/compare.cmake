# Fails when FILE is not what PROGRAM writes as KIND.
execute_process(COMMAND ${PROGRAM} ${KIND} OUTPUT_VARIABLE written RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ${KIND} failed: ${status}")
endif()
file(READ ${FILE} found)
if(NOT found STREQUAL written)
  message(FATAL_ERROR "${FILE} is out of date: npm run catalogue")
endif()
