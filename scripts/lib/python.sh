# shellcheck shell=bash
# Packages from PyPI, in separate folders below .toolchain.

# This clang-tidy skips third-party headers, mainly Eigen's, and takes a third of the time of Debian's.
CLANG_TIDY_VERSION=23.1.4
CLANG_TIDY=$ROOT/.toolchain/clang-tidy/bin/clang-tidy

# The tests open model files with this Python; PYTHON names another one that has the packages.
PYTHON_PACKAGES=('safetensors>=0.4' 'numpy>=1.24')

reads_safetensors() { "$1" -c 'import numpy, safetensors.numpy' 2>/dev/null; }

install_python_packages() { # FOLDER PACKAGE...
  remove_own "$1"
  python3 -m venv "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"
}

ensure_python() {
  local candidate venv=$ROOT/.toolchain/python
  for candidate in "${PYTHON:-python3}" "$venv/bin/python"; do
    if reads_safetensors "$candidate"; then
      export PYTHON=$candidate
      return 0
    fi
  done
  say "Installing Python's safetensors in .toolchain, which reads the model files in the tests (10 to 30 s) …"
  quietly install_python_packages "$venv" "${PYTHON_PACKAGES[@]}"
  export PYTHON=$venv/bin/python
}

ensure_clang_tidy() {
  if "$CLANG_TIDY" --version 2>/dev/null | grep -qF "version $CLANG_TIDY_VERSION"; then return 0; fi
  say "Installing clang-tidy $CLANG_TIDY_VERSION in .toolchain (10 to 30 s) …"
  quietly install_python_packages "$ROOT/.toolchain/clang-tidy" "clang-tidy==$CLANG_TIDY_VERSION"
}

# What npm run bench compares with. Some have to be compiled; one that cannot be is left out, and the bench says so.
PEERS=(implicit==0.7.3 irspack==0.5.2 myfm==0.4.0 cmfrec==3.5.1.post14 scikit-surprise==1.1.5)

ensure_peers() {
  local venv=$ROOT/.toolchain/peers package
  if [ "$(cat "$venv/complete" 2>/dev/null)" = "${PEERS[*]}" ]; then return 0; fi
  say "Installing Python's libraries to compare with in .toolchain (1 to 5 min) …"
  quietly install_python_packages "$venv" numpy scipy pandas
  for package in "${PEERS[@]}"; do
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package" >/dev/null 2>&1 || say "!!! $package cannot be installed here"
  done
  echo "${PEERS[*]}" >"$venv/complete"
}
