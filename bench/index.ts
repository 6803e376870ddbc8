/**
 * `npm run bench`: the GPU's kernels beside WebGPU peers (run.ts), or with `--adapter wasm` the processor's beside
 * engines that run on it too (processors.ts), or with `--pack DIR` a folder that measures other machines (pack.ts).
 */
const at = process.argv.indexOf('--adapter');
const onProcessor = at >= 0 && process.argv[at + 1] === 'wasm';
if (process.argv.some((arg) => arg === '--pack' || arg.startsWith('--pack=')))
  await (await import('./pack.ts')).packCommand();
else await (onProcessor ? import('./processors.ts') : import('./run.ts'));

export {};
