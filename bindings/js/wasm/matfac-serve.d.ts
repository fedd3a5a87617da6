import type { ServeFactory } from '../serve-core.js';

/** The glue that Emscripten writes to dist/wasm/matfac-serve.js. */
declare const createCore: ServeFactory;
export default createCore;
