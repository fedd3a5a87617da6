# shellcheck shell=bash
# The native build of the C++ core and its tests.

native_configure() { # PRESET
  [ -f "build/$1/build.ninja" ] || quietly cmake --preset "$1"
}

# Runs in a separate shell, so that a failed build fails this suite alone.
cpp_suite() { # PRESET REPORT
  bash -euo pipefail -c '
    source scripts/lib/common.sh
    source scripts/lib/cpp.sh
    native_configure "$1"
    say "Compiling the C++ core and its tests, preset $1 (1 to 3 min the first time) …"
    quietly cmake --build --preset "$1"
    say "Testing: cpp, preset $1 …"
    ctest --preset "$1" --parallel 2 --output-junit "$ROOT/$2"
  ' cpp_suite "$1" "$2"
}
