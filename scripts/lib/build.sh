# shellcheck shell=bash
# The build steps. A step is skipped when the fingerprint of its inputs is that of its last success.

# The preset and the name of each build of the core.
MODULES=(wasm:matfac wasm-threads:matfac-threads wasm-relaxed:matfac-relaxed)

build_wasm() {
  local module
  for module in "${MODULES[@]}"; do build_module "${module%%:*}" "${module##*:}"; done
}

build_module() { # PRESET NAME
  local preset=$1 name=$2 now
  now="$(fingerprint CMakeLists.txt CMakePresets.json src bindings/{CMakeLists.txt,core,serve,shared} scripts/order-wasm.mjs scripts/lib/wasm) $EMSCRIPTEN_ROOT_PATH"
  if up_to_date "$preset" "$now" && [ -f "build/$preset/$name.js" ] && [ -f "build/$preset/$name.wasm" ]; then return 0; fi
  # A build folder belongs to one toolchain.
  if [ -f "build/$preset/CMakeCache.txt" ] && ! grep -qF "$EMSCRIPTEN_ROOT_PATH/" "build/$preset/CMakeCache.txt"; then
    remove_own "build/$preset"
  fi
  say "Compiling the C++ core to WebAssembly, preset $preset (about 1 min; the first time, 1 to 3 min more for system libraries) …"
  quietly cmake --preset "$preset"
  quietly cmake --build --preset "$preset"
  record "$preset" "$now"
}

build_js() {
  local now
  now=$(fingerprint bindings/js build/wasm/matfac{.js,.wasm,-serve.wasm} build/wasm-threads/matfac-threads.{js,wasm} build/wasm-relaxed/matfac-relaxed.{js,wasm} \
    package.json package-lock.json tsconfig.json tsconfig.build.json scripts/build-package.mjs scripts/lib/bundled.mjs build/wasm/libraries.json)
  if up_to_date js "$now" && [ -f dist/index.js ]; then return 0; fi
  say 'Bundling the package (5 s) …'
  quietly node scripts/build-package.mjs
  record js "$now"
}

build_web() {
  local now
  now="$(fingerprint web package-lock.json) $(fingerprint dist/*)"
  if up_to_date web "$now" && [ -f web/dist/index.html ]; then return 0; fi
  say 'Building the demo page (5 s) …'
  quietly npx --no-install vite build web
  record web "$now"
}

# The documentation site, with the demo page; MATFAC_SITE_BASE is the path that it is served from, such as /matfac/.
build_site() {
  local now
  now="$(fingerprint docs/{.vitepress,guide,solvers,cookbook,coming-from} docs/{index,faq,mathematics,accuracy,model-format,scale,reliability,dependencies}.md web/public scripts/docs-pages.mjs bench/results CHANGELOG.md typedoc.json typedoc.site.json package-lock.json bindings/js) $(fingerprint dist/* web/dist/index.html) ${MATFAC_SITE_BASE:-/}"
  if up_to_date site "$now" && [ -f build/site/index.html ]; then return 0; fi
  say 'Building the documentation site (20 s) …'
  quietly node scripts/docs-pages.mjs
  quietly npx --no-install vitepress build docs
  cp -r dist build/site/matfac
  cp -r web/dist build/site/demo
  record site "$now"
}
