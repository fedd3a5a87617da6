# shellcheck shell=bash
# The share of the lines that the tests execute.
LEAST_COVERAGE=95

# Runs a command, which runs tests in Node, and counts the lines of bindings/js that it executes.
covered_js() { # COMMAND...
  local reports=$ROOT/build/coverage-js status=0
  remove_own "$reports"
  mkdir -p "$reports"
  node scripts/build-package.mjs --maps
  NODE_V8_COVERAGE=$reports "$@" || status=$?
  node scripts/lib/coverage-report.mjs js "$reports" "$LEAST_COVERAGE" || status=$?
  node scripts/build-package.mjs
  return "$status"
}

# Counts the lines of src that the tests of a preset by g++ have executed.
covered_cpp() { # BUILD_FOLDER
  node scripts/lib/coverage-report.mjs cpp "$1/CMakeFiles/matfac.dir" "$LEAST_COVERAGE"
}
