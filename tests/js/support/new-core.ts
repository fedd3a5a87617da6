import type { CoreFactory, CoreModule } from '../../../bindings/js/core/core.js';

/** A module with memory of its own, which nothing has used yet. */
export async function newCore(): Promise<CoreModule> {
  const glue: { default: CoreFactory } = await import(new URL('../../../dist/wasm/matfac.js', import.meta.url).href);
  return glue.default();
}
