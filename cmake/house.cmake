# The repository's own rules as tests: house.tidy, its tests, and house.format.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(${CMAKE_CURRENT_LIST_DIR}/header_check.cmake)

add_test(NAME house.tidy
  COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/tools/tidy.py ${PROJECT_SOURCE_DIR})
add_test(NAME house.tidy_test COMMAND Python3::Interpreter -B tidy_test.py
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tools)
add_test(NAME house.format COMMAND ${PROJECT_SOURCE_DIR}/tools/format --check)
set_tests_properties(house.tidy house.tidy_test house.format PROPERTIES LABELS house)
# clang-format is a developer's tool: without it, the test says so and is skipped.
set_tests_properties(house.format PROPERTIES SKIP_RETURN_CODE 77)
