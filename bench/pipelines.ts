/**
 * What the pipelines of a run cost to make, by shader: `npx tsx bench/pipelines.ts [--adapter NAME] [--lengths
 * 16,24,32] [--methods full,lora,prompt,head]`. Processor time, one pipeline after the other.
 */
import { parseArgs } from 'node:util';
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import { findAliases } from '../src/gpu/specialise.ts';
import { openStudio } from '../src/gpu/studio.ts';
import { compileRun } from '../src/train/compile.ts';
import { BENCH_METHODS, BENCH_RUN, methodOptions } from '../src/measure/methods.ts';
import { bertConfig, bertModel } from '../src/measure/random-bert.ts';
import { sizeNames } from '../src/plan/sizes-buffer.ts';
import { spent } from './peers/cases.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string' },
    lengths: { type: 'string', default: '16,24,32' },
    methods: { type: 'string', default: BENCH_METHODS.join(',') },
  },
});
const { gpu, adapter } = await openNodeGpu(options.adapter);
const studio = await openStudio(gpu, nodeShaders, { adapter });
const model = bertModel(bertConfig(128));
const shapes = {
  batchSize: 16,
  lengths: options.lengths.split(',').map((length) => ({ length: Number(length) })),
};
const wanted = options.methods.split(',');
const costs = new Map<string, { pipelines: number; cpu: number; wall: number }>();
for (const method of BENCH_METHODS.filter((name) => wanted.includes(name))) {
  const compiled = compileRun({
    model,
    modelKey: 'pipelines',
    method: methodOptions(method),
    ...BENCH_RUN,
    training: shapes,
    evaluation: shapes,
    adapter: studio.profile,
  });
  for (const { plan } of [...compiled.training.values(), ...compiled.evaluation.values()])
    for (const { shader, entry, constants, sizes, bindings } of [...plan.compute, ...plan.update]) {
      const how = {
        constants,
        ...(sizes && { sizes: sizeNames(sizes.values) }),
        access: bindings.map(({ access }) => access),
        aliases: findAliases(bindings),
      };
      const before = studio.counters.pipelines;
      const { cpu, wall } = await spent(() => studio.pipelines.get(shader, entry, how));
      if (studio.counters.pipelines === before) continue;
      const cost = costs.get(shader) ?? { pipelines: 0, cpu: 0, wall: 0 };
      costs.set(shader, { pipelines: cost.pipelines + 1, cpu: cost.cpu + cpu, wall: cost.wall + wall });
    }
}
const rows = [...costs].sort(([, a], [, b]) => b.cpu - a.cpu);
const total = (of: 'pipelines' | 'cpu' | 'wall'): number => rows.reduce((sum, [, cost]) => sum + cost[of], 0);
console.log(studio.profile.description);
console.log(
  table(
    ['shader', 'pipelines', 'processor ms', 'each', 'clock ms'],
    [
      ...rows,
      ['all', { pipelines: total('pipelines'), cpu: total('cpu'), wall: total('wall') }] as const,
    ].map(([shader, { pipelines, cpu, wall }]) => [
      shader,
      `${pipelines}`,
      cpu.toFixed(0),
      (cpu / pipelines).toFixed(1),
      wall.toFixed(0),
    ]),
  ),
);
studio.destroy();
