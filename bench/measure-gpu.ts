/**
 * `npx tsx bench/measure-gpu.ts [--adapter gpu|swiftshader|lavapipe] [--quick] [--only matmul,attention,steps,forward] [--out FILE]`: what a GPU can do and what
 * of it training reaches, as tables and as JSON. `npm run bench -- --pack DIR` makes a folder of it for other machines.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { openStudio } from '../src/gpu/studio.ts';
import { measure, PARTS, type Part } from '../src/measure/measure.ts';
import { ortPasses } from '../src/measure/passes.ts';
import { measurementText } from './measurement-text.ts';
import { processorTime } from './processor-time.ts';
import { allowSharedWrites } from './shared-writes.ts';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS.join(',') },
    out: { type: 'string' },
  },
});
const parts = options.only.split(',') as Part[];
try {
  for (const part of parts)
    if (!PARTS.includes(part)) throw new Error(`--only takes ${PARTS.join(', ')}, not "${part}".`);
  const { gpu, adapter, name } = await openNodeGpu(options.adapter);
  const studio = await openStudio(gpu, nodeShaders, { adapter });
  console.error(`${studio.profile.description || studio.profile.vendor} (${name})`);
  const result = await measure(studio, {
    quick: options.quick,
    parts,
    timing: { processorTime },
    // It asks the global object for the GPU, as a page has it.
    other: (request) => {
      allowSharedWrites();
      Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
      const timed = import('onnxruntime-web/webgpu').then((ort) => ortPasses(ort, request));
      // It ends with this process.
      return { timed, end: () => {} };
    },
    tell: ({ part, at, of }) => {
      console.error(`  ${part} ${at} of ${of}`);
      return true;
    },
  });
  if (result === null) throw new Error('internal: nobody ended it');
  console.log(measurementText(result));
  const file = options.out ?? `measured-${name}.json`;
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version };
  writeFileSync(file, `${JSON.stringify({ ...result, machine }, null, 2)}\n`);
  console.error(`written to ${file}`);
  studio.destroy();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
