import { mustBe, plainOptions, requireBoolean } from '../base/checks.js';
import { invalid, MatfacError, translate } from '../base/errors.js';
import type { CoreModule } from './core.js';

/** Where to find the other files of the package, when they are not beside the code. */
export interface Configuration {
  /** The .wasm file. */
  wasmUrl?: string | URL;
  /** The module that workers start from; it may be of another origin. */
  workerUrl?: string | URL;
  /**
   * Train on one thread with fused multiply-add, where the engine has it (relaxed SIMD): faster, but the last bits of the
   * model may differ between processors. Default false.
   */
  relaxedSimd?: boolean;
}

/** What every build of the core needs. */
export interface EngineFeatures {
  webAssembly: boolean;
  simd: boolean;
  exceptions: boolean;
}

export interface Features extends EngineFeatures {
  relaxedSimd: boolean;
  /** Memory that threads share: in Node, and in pages that are cross-origin isolated. */
  sharedMemory: boolean;
  /** How many threads the machine runs at the same time. */
  processors: number;
}

/**
 * The builds of the core: `simd` for everything, `threads` for training on more than one thread, `relaxed` for training
 * with fused multiply-add, where it is configured.
 */
export type Variant = 'simd' | 'threads' | 'relaxed';

/** What a training runs on: the build of the core and the number of threads. */
export interface Engine {
  variant: Variant;
  threads: number;
}

/** As configured; addresses are absolute, because a worker has another base address. */
type Configured = { wasmUrl?: string; workerUrl?: string; relaxedSimd?: boolean };

const configuration: Configured = {};
const loading = new Map<Variant, Promise<CoreModule>>();

/** More threads gain little, and each takes memory. */
const MOST_THREADS = 16;

/**
 * Sets where the .wasm file and the worker are; needed only when they are not beside the code.
 * @throws MatfacError `invalid-argument` for `wasmUrl` when the WebAssembly module is loaded already.
 */
export function configure(given: Configuration): void {
  const options = plainOptions('configure', given, ['wasmUrl', 'workerUrl', 'relaxedSimd']);
  const { relaxedSimd } = options;
  requireBoolean('relaxedSimd', relaxedSimd);
  if (options.wasmUrl !== undefined) {
    if (loading.size > 0)
      throw invalid('configure({wasmUrl}) comes too late: the WebAssembly module is loaded already');
    configuration.wasmUrl = absolute('wasmUrl', options.wasmUrl);
  }
  if (options.workerUrl !== undefined) configuration.workerUrl = absolute('workerUrl', options.workerUrl);
  if (relaxedSimd !== undefined) configuration.relaxedSimd = relaxedSimd;
}

export function configured(): Readonly<Configured> {
  return configuration;
}

/** The WebAssembly module: loaded once, at first need; after a failure the next call tries again. */
export function loadCore(wish: Wish = {}): Promise<CoreModule> {
  const variant = pickVariant(detectFeatures(), wish);
  const known = loading.get(variant);
  if (known) return known;
  const promise = load(variant).catch((failure) => {
    loading.delete(variant);
    throw failure;
  });
  loading.set(variant, promise);
  return promise;
}

function load(variant: Variant): Promise<CoreModule> {
  return instantiate('matfac.wasm', async (options) => {
    if (variant === 'threads') {
      const { default: createCore } = await import('./wasm/matfac-threads.js');
      return createCore({ threads: mostThreads(detectFeatures()) });
    }
    if (variant === 'relaxed') {
      const { default: createCore } = await import('./wasm/matfac-relaxed.js');
      return createCore({});
    }
    const { default: createCore } = await import('./wasm/matfac.js');
    return createCore(options);
  });
}

/** Instantiates a module, from `wasmUrl` if it is configured. @throws MatfacError `unsupported` that says what to do. */
export async function instantiate<T>(
  wasm: string,
  create: (options: { locateFile?: (name: string) => string }) => Promise<T>,
): Promise<T> {
  const { wasmUrl } = configuration;
  try {
    return await create(wasmUrl ? { locateFile: (name) => (name.endsWith('.wasm') ? wasmUrl : name) } : {});
  } catch (cause) {
    const failure = translate(cause);
    if (failure instanceof MatfacError) throw failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = `is it served beside the code? configure({wasmUrl}) sets where ${wasm} is`;
    throw new MatfacError('unsupported', `The WebAssembly module could not be loaded (${reason}); ${hint}`, { cause });
  }
}

/** What a training prefers; it works without what is not available. */
export interface Wish {
  threads?: number;
  relaxed?: boolean;
}

/** The build of the core for these features. @throws MatfacError `unsupported` that names what is missing. */
export function pickVariant(features: Features, { threads = 1, relaxed = false }: Wish = {}): Variant {
  checkEngine(features);
  if (threads > 1 && features.sharedMemory) return 'threads';
  return relaxed && features.relaxedSimd ? 'relaxed' : 'simd';
}

/** @throws MatfacError `unsupported` that names what is missing. */
export function checkEngine({ webAssembly, simd, exceptions }: EngineFeatures): void {
  if (webAssembly && simd && exceptions) return;
  const missing = [!simd && 'SIMD', !exceptions && 'exceptions'].filter(Boolean).join(' and ');
  const what = webAssembly ? `WebAssembly ${missing}` : 'WebAssembly';
  const needed = 'Chrome 95, Edge 95, Firefox 100, Safari 16.4 or Node 20, or later';
  throw new MatfacError('unsupported', `This browser has no ${what}, which matfac needs: use ${needed}`);
}

/** The core for a training, and its threads: one where shared memory is missing or the build with threads fails to load. */
export async function loadForTraining(threads: number): Promise<Engine & { core: CoreModule }> {
  const features = detectFeatures();
  const most = Math.min(threads, mostThreads(features));
  const wish = { threads: most, relaxed: configuration.relaxedSimd ?? false };
  if (most > 1 || wish.relaxed) {
    try {
      return { core: await loadCore(wish), variant: pickVariant(features, wish), threads: most };
    } catch {
      // A bundler or another origin may not serve the files of this build; the training works without them.
    }
  }
  return { core: await loadCore(), variant: 'simd', threads: 1 };
}

/** For a script that the core with threads started as one of its threads: the glue takes over. */
export async function becomeThread(): Promise<void> {
  await import('./wasm/matfac-threads.js');
}

/** How many threads to ask for: as many as the caller says, and under `auto` all of them when the work is worth it. */
export function threadsFor(threads: number | 'auto' = 'auto', isWorthThreads: boolean): number {
  if (threads !== 'auto') return threads;
  return isWorthThreads ? Number.POSITIVE_INFINITY : 1;
}

/** How many threads can be started. */
export function mostThreads(features: Features): number {
  return features.sharedMemory ? Math.max(1, Math.min(features.processors, MOST_THREADS)) : 1;
}

export function detectFeatures(): Features {
  const { crossOriginIsolated, navigator, process } = globalThis as {
    crossOriginIsolated?: boolean;
    navigator?: { hardwareConcurrency?: number };
    process?: {
      versions?: { node?: string };
      getBuiltinModule?: (name: 'node:os') => { availableParallelism(): number };
    };
  };
  return {
    ...detectEngine(),
    // () → v128: three times i32.const 0, i8x16.splat; then f32x4.relaxed_madd
    relaxedSimd: takes(
      ...[1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
      ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
    ),
    sharedMemory: typeof SharedArrayBuffer === 'function' && (crossOriginIsolated ?? !!process?.versions?.node),
    processors: navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.('node:os').availableParallelism() ?? 1,
  };
}

export function detectEngine(): EngineFeatures {
  return {
    webAssembly: typeof WebAssembly === 'object',
    // () → v128: i32.const 0, i8x16.splat, i8x16.popcnt
    simd: takes(1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11),
    // () → (): try, catch_all, end
    exceptions: takes(1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11),
  };
}

/** Whether the engine accepts a minimal module whose code uses a feature. */
function takes(...code: number[]): boolean {
  if (typeof WebAssembly !== 'object') return false;
  return WebAssembly.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...code));
}

function absolute(name: string, url: string | URL): string {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(url, base).href;
  } catch (cause) {
    throw new MatfacError('invalid-argument', mustBe(name, 'a URL', url instanceof URL ? url.href : url).message, {
      cause,
    });
  }
}
