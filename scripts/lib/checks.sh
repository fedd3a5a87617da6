# shellcheck shell=bash
# The static checks, one function each.

cpp_sources() { find src bindings tests/cpp examples/cpp \( -name '*.cpp' -o -name '*.h' \) | LC_ALL=C sort; }

check_format_cpp() { cpp_sources | xargs clang-format-19 --dry-run --Werror; }

check_shell() { shellcheck -x scripts/setup scripts/build scripts/start scripts/test scripts/check scripts/tidy scripts/scale scripts/catalogue scripts/fuzz scripts/coverage scripts/reproducible scripts/audit .ci/run scripts/lib/*.sh; }

check_types() { npx --no-install tsc -p tsconfig.json; }

check_lint() { npx --no-install biome ci --error-on-warnings .; }

check_imports() { node scripts/check-imports.mjs; }
