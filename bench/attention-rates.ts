/** `npx tsx bench/attention-rates.ts [--adapter NAME]`: what attention.ts times, printed. */
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { processorTime } from './processor-time.ts';
import { timerOf } from '../src/measure/timer.ts';
import { openStudio } from '../src/gpu/studio.ts';
import { ATTENTION_CASES, timeAttention } from '../src/measure/attention.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--adapter');
const node = await openNodeGpu(at >= 0 ? args[at + 1] : undefined);
const studio = await openStudio(node.gpu, nodeShaders, { adapter: node.adapter });
const time = timerOf(studio, { processorTime });
console.log(`attention on ${studio.profile.description}`);
for (const c of ATTENTION_CASES)
  for (const r of await timeAttention(time, studio.profile, c))
    console.log(
      `${r.batch}x${r.tokens}x${r.heads}x${r.dim} dropout ${r.dropout}  ${r.kernel.padEnd(29)} ${r.milliseconds.toFixed(2)} ms, ${r.gflops.toFixed(2)} GFLOP/s, ${r.gflopsPerCore.toFixed(2)} a core`,
    );
studio.destroy();
