# shellcheck shell=bash
# Packages of the system's package manager. Each is checked first, so that tools installed by other means count as well.

header_in_usual_place() { # HEADER
  local dir
  for dir in /usr/include /usr/local/include /opt/homebrew/include; do
    if [ -e "$dir/$1" ] || [ -e "$dir/eigen3/$1" ]; then return 0; fi
  done
  return 1
}

chromium_path() { printf '%s\n' "${CHROMIUM:-/usr/bin/chromium}"; }

firefox_path() { printf '%s\n' "${FIREFOX:-/usr/bin/firefox-esr}"; }

# True when the contents of this Debian package are installed.
present() { # PACKAGE
  case $1 in
    ninja-build) command -v ninja >/dev/null ;;
    g++) command -v c++ >/dev/null ;;
    libeigen3-dev) header_in_usual_place Eigen/Core ;;
    libgtest-dev) header_in_usual_place gtest/gtest.h ;;
    python3-venv) python3 -c 'import ensurepip' 2>/dev/null ;;
    chromium) [ -x "$(chromium_path)" ] ;;
    firefox-esr) [ -x "$(firefox_path)" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

packages_for() { # PURPOSE
  case $1 in
    start) echo cmake ninja-build python3 libeigen3-dev ;;
    test) echo g++ libgtest-dev chromium firefox-esr python3-venv ;;
    check) echo clang-format-19 shellcheck python3-venv ;;
    *) fail "the purpose must be start, test or check; it is '$1'" ;;
  esac
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y --no-install-recommends "$@")
  # With missing or outdated lists, a package is not found or its download fails.
  "${install[@]}" || { apt-get update && "${install[@]}"; }
}

ensure_system_packages() { # PURPOSE...
  local purpose package packages missing=()
  for purpose in "$@"; do
    packages=$(packages_for "$purpose")
    for package in $packages; do
      [[ " ${missing[*]} " == *" $package "* ]] || present "$package" || missing+=("$package")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  if ! command -v apt-get >/dev/null; then
    fail "missing: ${missing[*]} (Debian's names). Install them with this system's package manager; then run this again." \
      'The environment variables CHROMIUM and FIREFOX name browsers in other places.'
  elif [ "$(id -u)" != 0 ]; then
    fail "missing packages. Please run this, then try again:
  sudo apt-get install ${missing[*]}"
  fi
  say "Installing by apt: ${missing[*]} (up to 2 min) …"
  quietly apt_install "${missing[@]}"
}
