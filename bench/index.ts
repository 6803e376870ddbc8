/**
 * `npm run bench`: the GPU's kernels beside WebGPU peers (run.ts), or with `--adapter wasm` the processor's beside
 * engines that run on it too (processors.ts).
 */
const at = process.argv.indexOf('--adapter');
const onProcessor = at >= 0 && process.argv[at + 1] === 'wasm';
await (onProcessor ? import('./processors.ts') : import('./run.ts'));

export {};
