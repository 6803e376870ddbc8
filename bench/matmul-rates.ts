/** `npx tsx bench/matmul-rates.ts [--adapter NAME] [--quick]`: what matmul.ts times, printed. */
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { processorTime } from './processor-time.ts';
import { timerOf } from '../src/measure/timer.ts';
import { openStudio } from '../src/gpu/studio.ts';
import { bertCases, timeMatmul } from '../src/measure/matmul.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--adapter');
const node = await openNodeGpu(at >= 0 ? args[at + 1] : undefined);
const studio = await openStudio(node.gpu, nodeShaders, { adapter: node.adapter });
const time = timerOf(studio, { processorTime });
console.log(`matmul on ${studio.profile.description}`);
for (const c of bertCases(args.includes('--quick') ? [512] : undefined)) {
  const r = await timeMatmul(time, studio.profile, c);
  const shape = `${r.form} ${r.m}x${r.n}x${r.k}`.padEnd(18);
  console.log(
    `${shape} ${r.gflops.toFixed(2).padStart(8)} GFLOP/s (median ${r.medianGflops.toFixed(2)}), ${r.gflopsPerCore.toFixed(2)} a core  ${r.kernel}`,
  );
}
studio.destroy();
