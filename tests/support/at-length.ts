/**
 * Which half of the tests of software GPUs a run takes. SwiftShader compiles a pipeline for half a second to ten, so
 * `npm test` takes every operator's WGSL kernels once and a few whole trainings; every other size, every kernel meant
 * for real GPUs, each variant of a tuner and the other trainings are `npm run test:gpu`, in which this is true. So are
 * many more inputs of each reader that is fuzzed.
 */
export const AT_LENGTH = process.env.DELTA_AT_LENGTH === '1';

/** Of two back ends, those that this run tries: software GPUs at length, the processor before. */
export function adaptersHere(all: readonly string[]): string[] {
  return all.filter((adapter) => (adapter === 'wasm') !== AT_LENGTH);
}
