# shellcheck shell=bash
# Finds an Emscripten that is new enough, or sets one up, and adds it to the environment.
EMSCRIPTEN_OLDEST=3.1.69
# Its physical path, because the prefix contains absolute paths: one that a link leads to is whole there, and is used.
EMSCRIPTEN_PREFIX=$(cd .toolchain 2>/dev/null && pwd -P || printf '%s\n' "$ROOT/.toolchain")/emscripten
# Changes with the recipe, so that an older prefix is set up again.
EMSCRIPTEN_RECIPE=1

emscripten_version() { # ROOT
  tr -d '"' <"$1/emscripten-version.txt" 2>/dev/null | sed 's/-.*//'
}

new_enough() { # ROOT
  local version
  version=$(emscripten_version "$1") || return 1
  [ "$(printf '%s\n' "$EMSCRIPTEN_OLDEST" "$version" | sort -V | head -n 1)" = "$EMSCRIPTEN_OLDEST" ]
}

emscripten_on_path() {
  command -v emcc >/dev/null && command -v em-config >/dev/null && em-config EMSCRIPTEN_ROOT 2>/dev/null
}

# The stamp is written last and names the folder: the prefix contains absolute paths, so it is invalid once it is moved.
emscripten_stamp() { printf '%s %s\n' "$EMSCRIPTEN_RECIPE" "$EMSCRIPTEN_PREFIX"; }
prefix_is_whole() {
  [ -f "$EMSCRIPTEN_PREFIX/complete" ] && [ "$(<"$EMSCRIPTEN_PREFIX/complete")" = "$(emscripten_stamp)" ]
}

use_emscripten() { # ROOT [CONFIG]
  export EMSCRIPTEN_ROOT_PATH=$1
  [ -z "${2:-}" ] || export EM_CONFIG=$2
}

# True when an Emscripten is ready; EMSCRIPTEN_ROOT_PATH (and EM_CONFIG) then say which.
find_emscripten() {
  local found
  if found=$(emscripten_on_path) && new_enough "$found"; then
    use_emscripten "$found"
  elif [ -n "${EMSDK:-}" ] && new_enough "$EMSDK/upstream/emscripten"; then
    use_emscripten "$EMSDK/upstream/emscripten" "$EMSDK/.emscripten"
  elif prefix_is_whole; then
    use_emscripten "$EMSCRIPTEN_PREFIX/root/usr/share/emscripten" "$EMSCRIPTEN_PREFIX/config.py"
  else
    return 1
  fi
}

is_debian_12() {
  [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

ensure_emscripten() {
  ! find_emscripten || return 0
  is_debian_12 || fail "Emscripten $EMSCRIPTEN_OLDEST or later is needed: no such emcc is on PATH, and EMSDK names none. Please run this, then try again:
  git clone https://github.com/emscripten-core/emsdk ~/emsdk
  ~/emsdk/emsdk install $EMSCRIPTEN_OLDEST && ~/emsdk/emsdk activate $EMSCRIPTEN_OLDEST
  export EMSDK=~/emsdk"
  say "Setting up Emscripten in .toolchain (650 MB, 1 to 3 min) …"
  remove_own "$EMSCRIPTEN_PREFIX"
  quietly bash scripts/lib/emscripten-from-debian.sh "$EMSCRIPTEN_PREFIX" "$ROOT/.toolchain/versions"
  emscripten_stamp >"$EMSCRIPTEN_PREFIX/complete"
  find_emscripten
}
