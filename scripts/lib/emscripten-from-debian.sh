#!/usr/bin/env bash
# emscripten-from-debian.sh PREFIX VERSIONS: a modern Emscripten on Debian 12, for this project alone and without root.
#
# Debian 12 has LLVM 19 but an old Emscripten; Debian 13 has a new Emscripten and the Binaryen that goes with it. Their
# packages are downloaded by apt, which checks the archive's signatures, from the mirror that this machine uses, and
# unpacked into PREFIX; nothing is installed. VERSIONS lists what was taken.
set -euo pipefail
mkdir -p "$1"
PREFIX=$(cd "$1" && pwd)
VERSIONS=$2
DOWNLOAD=$PREFIX/download
ARCH=$(dpkg --print-architecture)

# Everything LLVM needs that a minimal Debian may lack. acorn is what Emscripten's JavaScript optimizer parses with.
FROM_12=(clang-19 lld-19 llvm-19 llvm-19-linker-tools libllvm19 libclang-cpp19 libclang-common-19-dev
  libz3-4 libedit2 libbsd0 libmd0 libxml2 libicu72 libffi8 node-acorn)
FROM_13=(emscripten binaryen)
# Binaryen of Debian 13 needs a newer C library than that of Debian 12.
RUNTIME_13=(libc6 libstdc++6 libgcc-s1)

# apt with separate lists and a separate cache, which needs neither root nor an earlier `apt-get update`.
private_apt() { # NAME ARGUMENT...
  local state=$DOWNLOAD/apt-$1
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  apt-get -qq -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" -o Dir::State::status=/dev/null \
    -o APT::Architectures="$ARCH" -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Sandbox::User="$(id -un)" \
    -o Debug::NoLocking=1 "${@:2}"
}

mirror_in() { # APT-COMMAND...
  # shellcheck disable=SC2016 # The names are apt's.
  "$@" indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' | head -n 1
}

find_mirror() {
  local mirror
  mirror=$(mirror_in apt-get)
  if [ -z "$mirror" ]; then
    private_apt machine update >&2
    mirror=$(mirror_in private_apt machine)
  fi
  [ -n "$mirror" ] || { echo 'No mirror of Debian 12 (bookworm) is among the sources of apt.' >&2; return 1; }
  printf '%s\n' "$mirror"
}

download() { # SUITE FOLDER PACKAGE...
  local list=$DOWNLOAD/$1.list
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $1 main" >"$list"
  local sources=(-o Dir::Etc::SourceList="$list" -o Dir::Etc::SourceParts=/dev/null)
  mkdir -p "$DOWNLOAD/$2"
  [ -d "$DOWNLOAD/apt-$1" ] || private_apt "$1" "${sources[@]}" update
  (cd "$DOWNLOAD/$2" && private_apt "$1" "${sources[@]}" download "${@:3}")
}

unpack() { # FOLDER TARGET TAR-OPTION...
  local package
  mkdir -p "$2"
  for package in "$DOWNLOAD/$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$2" --no-same-owner "${@:3}"
    # shellcheck disable=SC2016 # The names are dpkg's.
    dpkg-deb --show --showformat '${Package} ${Version} ${Architecture}\n' "$package" >>"$PREFIX/versions"
  done
}

# Writes a script that runs a program with the libraries of the prefix, and with the given loader or else the system's.
wrap() { # PROGRAM SCRIPT LIBRARIES [LOADER]
  if [ -n "${4:-}" ]; then
    printf '#!/bin/sh\nexec "%s" --library-path "%s" --argv0 "%s" "%s" "$@"\n' "$4" "$3" "$1" "$1" >"$2"
  else
    printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' "$3" "$1" >"$2"
  fi
  chmod +x "$2"
}

wrap_programs() {
  local machine program libraries loader
  machine=$(basename "$(dirname "$PREFIX/root/usr/lib"/*/libLLVM*.so* | head -n 1)")
  libraries=$PREFIX/root/usr/lib/$machine
  mkdir -p "$PREFIX/llvm" "$PREFIX/binaryen/bin"
  for program in "$PREFIX/root/usr/lib/llvm-19/bin"/*; do
    wrap "$program" "$PREFIX/llvm/${program##*/}" "$libraries"
  done
  loader=$(echo "$PREFIX/runtime/usr/lib/$machine"/ld-linux-*.so.*)
  for program in "$PREFIX/root/usr/bin"/wasm*; do
    wrap "$program" "$PREFIX/binaryen/bin/${program##*/}" "$PREFIX/runtime/usr/lib/$machine:$libraries" "$loader"
  done
}

configure() {
  local emscripten=$PREFIX/root/usr/share/emscripten
  # Emscripten's .js files are CommonJS; the package.json of the project around the prefix declares ES modules.
  echo '{ "type": "commonjs" }' >"$PREFIX/package.json"
  # ES modules are resolved in node_modules only, whatever NODE_PATH says.
  mkdir -p "$emscripten/node_modules"
  ln -s ../../nodejs/acorn "$emscripten/node_modules/acorn"
  cat >"$PREFIX/config.py" <<CONFIG
import shutil
LLVM_ROOT = '$PREFIX/llvm'
BINARYEN_ROOT = '$PREFIX/binaryen'
NODE_JS = shutil.which('node')
CACHE = '$emscripten/cache'
FROZEN_CACHE = False
CONFIG
}

# Compiles and runs a program, so that a library missing on this machine shows here.
try_out() {
  export EM_CONFIG=$PREFIX/config.py
  echo 'int main() { return 42; }' >"$DOWNLOAD/try.cpp"
  "$PREFIX/root/usr/share/emscripten/em++" -O2 -sEXIT_RUNTIME "$DOWNLOAD/try.cpp" -o "$DOWNLOAD/try.js"
  local status=0
  node "$DOWNLOAD/try.js" || status=$?
  [ "$status" = 42 ] || { echo "The compiled program returned $status, not 42." >&2 && return 1; }
}

mkdir -p "$DOWNLOAD"
MIRROR=$(find_mirror)
download bookworm packages "${FROM_12[@]}"
download trixie packages "${FROM_13[@]}"
download trixie runtime "${RUNTIME_13[@]}"

# Emscripten builds the excluded library variants itself when they are needed.
unpack packages "$PREFIX/root" --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='*/emscripten/test' \
  --exclude='*/wasm32-emscripten/*lto*' --exclude='*/wasm32-emscripten/*pic' --exclude='*/wasm32-emscripten/lib*asan*' \
  --exclude='*/wasm32-emscripten/libsanitizer*' --exclude='*/ChangeLog*'
unpack runtime "$PREFIX/runtime" --wildcards './usr/lib/*/*.so*'
wrap_programs
configure
try_out
mv "$PREFIX/versions" "$VERSIONS"
rm -rf "$DOWNLOAD"
