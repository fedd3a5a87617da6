# shellcheck shell=bash
# The Python with which the tests open our model files; PYTHON names another one that has the packages.
PYTHON_PACKAGES=('safetensors>=0.4' 'numpy>=1.24')

reads_safetensors() { "$1" -c 'import numpy, safetensors.numpy' 2>/dev/null; }

install_python_packages() { # FOLDER
  rm -rf "$1"
  python3 -m venv "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${PYTHON_PACKAGES[@]}"
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
  quietly install_python_packages "$venv"
  export PYTHON=$venv/bin/python
}
