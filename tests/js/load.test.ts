import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { nearest } from '../../bindings/js/base/checks.js';
import { guard, MatfacError, translate } from '../../bindings/js/base/errors.js';
import {
  configure,
  configured,
  detectFeatures,
  type Features,
  mostThreads,
  pickVariant,
} from '../../bindings/js/core/load.js';

describe('pickVariant', () => {
  const engine = { webAssembly: true, simd: true, exceptions: true };
  const machine = { sharedMemory: false, processors: 4, relaxedSimd: false };

  test('uses SIMD where it is available, as in Node', () => {
    const node = { sharedMemory: true, processors: availableParallelism(), relaxedSimd: expect.any(Boolean) };
    expect(detectFeatures()).toEqual({ ...engine, ...node });
    expect(pickVariant(detectFeatures())).toBe('simd');
  });

  test('uses threads if they are requested and memory can be shared', () => {
    const isolated = { ...engine, ...machine, sharedMemory: true };
    expect(pickVariant(isolated, { threads: 2 })).toBe('threads');
    expect(pickVariant(isolated, { threads: 1 })).toBe('simd');
    expect(pickVariant({ ...engine, ...machine }, { threads: 2 })).toBe('simd');
    expect(mostThreads(isolated)).toBe(4);
    expect(mostThreads({ ...isolated, processors: 96 })).toBe(16);
    expect(mostThreads({ ...engine, ...machine })).toBe(1);
  });

  test('uses fused multiply-add if it is requested and available, on one thread', () => {
    const fused = { ...engine, ...machine, relaxedSimd: true };
    expect(pickVariant(fused)).toBe('simd');
    expect(pickVariant(fused, { relaxed: true })).toBe('relaxed');
    expect(pickVariant({ ...fused, sharedMemory: true }, { relaxed: true, threads: 2 })).toBe('threads');
    expect(pickVariant({ ...engine, ...machine }, { relaxed: true })).toBe('simd');
  });

  const missing: [features: Pick<Features, 'webAssembly' | 'simd' | 'exceptions'>, message: RegExp][] = [
    [{ webAssembly: true, simd: false, exceptions: true }, /has no WebAssembly SIMD, which matfac needs: use Chrome/],
    [{ webAssembly: true, simd: true, exceptions: false }, /has no WebAssembly exceptions/],
    [{ webAssembly: true, simd: false, exceptions: false }, /has no WebAssembly SIMD and exceptions/],
    [{ webAssembly: false, simd: false, exceptions: false }, /has no WebAssembly, which/],
  ];
  test.each(missing)('says what is missing: %o', (features, message) => {
    const act = () => pickVariant({ ...features, ...machine });
    expect(act).toThrow(MatfacError);
    expect(act).toThrow(message);
  });
});

describe('configure', () => {
  test('keeps absolute addresses', () => {
    configure({ workerUrl: new URL('https://example.org/worker.js') });
    expect(configured().workerUrl).toBe('https://example.org/worker.js');
  });

  test('refuses invalid addresses and unknown names', () => {
    expect(() => configure({ wasmUrl: 'matfac.wasm' })).toThrow(/wasmUrl must be a URL; it is 'matfac.wasm'/);
    expect(() => configure({ wasmURL: 'x' } as object)).toThrow(/did you mean 'wasmUrl'/);
    expect(() => configure({ relaxedSimd: 'yes' } as object)).toThrow(/relaxedSimd must be true or false; it is 'yes'/);
  });
});

describe('translate', () => {
  test('converts errors of the core to MatfacErrors, and leaves other errors unchanged', () => {
    expect(translate({ code: 'invalid-argument', message: 'factors is 0' })).toMatchObject({
      code: 'invalid-argument',
      message: 'factors is 0',
    });
    const own = new MatfacError('aborted', 'x');
    expect(translate(own)).toBe(own);
    for (const stranger of [new TypeError('x'), { code: 'EPERM', message: 'x' }, 'x', undefined])
      expect(translate(stranger)).toBe(stranger);
  });

  test('recognizes the out-of-memory errors of every engine', () => {
    const allocate = () => guard(() => new Float32Array(2 ** 50));
    expect(allocate).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    const grow = () => guard(() => new WebAssembly.Memory({ initial: 1, maximum: 2 }).grow(10));
    expect(grow).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    for (const message of [
      'Aborted(OOM)',
      'Out of memory',
      'Array buffer allocation failed',
      'Map maximum size exceeded',
      'Aborted(Cannot enlarge memory arrays)',
    ]) {
      expect(translate(new WebAssembly.RuntimeError(message))).toMatchObject({ code: 'out-of-memory' });
    }
    const trap = new WebAssembly.RuntimeError('memory access out of bounds');
    expect(translate(trap)).toBe(trap);
  });
});

test('nearest corrects a typing error', () => {
  expect(nearest('epcohs', ['factors', 'epochs'])).toBe('epochs');
  expect(nearest('learningrate', ['learningRateDecay', 'learningRate'])).toBe('learningRate');
});
