# shellcheck shell=bash
# Every script starts with this: strict mode, the project's folder, messages.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"

say() { printf '• %s\n' "$*"; }

fail() {
  printf 'matfac: %s\n' "$*" >&2
  exit 1
}

# Runs a command whose output matters only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || cat "$log" >&2
  rm -f "$log"
  [ "$status" = 0 ] || fail "failed with status $status: $*"
}

# Fails when PATH is a symbolic link, or leads out of the project's folder by one: it is another one's, and stays as it is.
require_own() { # PATH
  local parent
  parent=$(cd "$(dirname "$1")" 2>/dev/null && pwd -P) || return 0
  [[ $parent/ = "$(pwd -P)"/* && ! -L $1 ]] ||
    fail "$1 must be in the folder of this project to be replaced; a symbolic link leads elsewhere. Nothing was removed: set up that folder where it is, or remove the link."
}

remove_own() { # PATH
  require_own "$1"
  rm -rf "$1"
}

# A checksum of all files below the given paths: their names and contents. Paths that do not exist count as empty.
fingerprint() {
  local path existing=()
  for path in "$@"; do [ ! -e "$path" ] || existing+=("$path"); done
  [ ${#existing[@]} -gt 0 ] || return 0
  find "${existing[@]}" \( -name dist -o -name node_modules \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cksum | cksum
}

# True when the last success of the step has the same fingerprint.
up_to_date() { # STEP FINGERPRINT
  [ -f "build/stamps/$1" ] && [ "$(<"build/stamps/$1")" = "$2" ]
}

record() { # STEP FINGERPRINT
  mkdir -p build/stamps
  printf '%s\n' "$2" >"build/stamps/$1"
}
