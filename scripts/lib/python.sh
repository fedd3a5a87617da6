# shellcheck shell=bash
# What comes from PyPI, in folders of its own below .toolchain.

# This clang-tidy passes over the headers of others, Eigen's above all: a third of the time that Debian's takes.
CLANG_TIDY_VERSION=23.1.4
CLANG_TIDY=$ROOT/.toolchain/clang-tidy/bin/clang-tidy

# The Python with which the tests open our model files; PYTHON names another one that has the packages.
PYTHON_PACKAGES=('safetensors>=0.4' 'numpy>=1.24')

reads_safetensors() { "$1" -c 'import numpy, safetensors.numpy' 2>/dev/null; }

install_python_packages() { # FOLDER PACKAGE...
  rm -rf "$1"
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
  say "Installing Python's safetensors in .toolchain, to read our model files with (10 to 30 s) …"
  quietly install_python_packages "$venv" "${PYTHON_PACKAGES[@]}"
  export PYTHON=$venv/bin/python
}

ensure_clang_tidy() {
  if "$CLANG_TIDY" --version 2>/dev/null | grep -qF "version $CLANG_TIDY_VERSION"; then return 0; fi
  say "Installing clang-tidy $CLANG_TIDY_VERSION in .toolchain (10 to 30 s) …"
  quietly install_python_packages "$ROOT/.toolchain/clang-tidy" "clang-tidy==$CLANG_TIDY_VERSION"
}
