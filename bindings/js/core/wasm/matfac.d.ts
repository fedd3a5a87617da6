import type { CoreFactory } from '../core.js';

/** The glue that Emscripten writes to dist/wasm/matfac.js. */
declare const createCore: CoreFactory;
export default createCore;
