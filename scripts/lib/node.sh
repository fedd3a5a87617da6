# shellcheck shell=bash
# Node and the npm packages.

ensure_node() {
  command -v node >/dev/null || fail 'Node.js 20.19 or later is needed, and there is no node on PATH. See https://nodejs.org'
  local version major minor
  version=$(node --version)
  IFS=. read -r major minor _ <<<"${version#v}"
  if [ "$major" -lt 20 ] || { [ "$major" = 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "Node.js 20.19 or later is needed; this is $version ($(command -v node)). See https://nodejs.org"
  fi
}

ensure_npm_packages() {
  ! node scripts/lib/npm-fresh.mjs || return 0
  require_own node_modules
  say 'Installing the npm packages that build and test this one (10 to 60 s) …'
  quietly npm ci
}
