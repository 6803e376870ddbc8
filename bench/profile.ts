/**
 * Where the time of a training step goes: every dispatch repeated by itself, summed by shader and by label.
 * `npx tsx bench/profile.ts [--adapter NAME] [--method full] [--hidden 128] [--batch 16] [--length 32] [--by shader|label]`.
 * On software adapters the time is processor time, which other work on the machine does not touch.
 */
import { parseArgs } from 'node:util';
import { openNodeGpu } from '../src/gpu/node-adapter.ts';
import { nodeShaders } from '../src/gpu/node-shaders.ts';
import type { GpuPreparedPlan, ReadyDispatch } from '../src/gpu/prepare.ts';
import { openStudio, type GpuStudio } from '../src/gpu/studio.ts';
import { profiledStep } from './profiled-step.ts';
import { spent } from './peers/cases.ts';
import { table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    adapter: { type: 'string' },
    method: { type: 'string', default: 'full' },
    hidden: { type: 'string', default: '128' },
    batch: { type: 'string', default: '16' },
    length: { type: 'string', default: '32' },
    by: { type: 'string', default: 'shader' },
  },
});

interface Share {
  count: number;
  milliseconds: number;
  flops: number;
}

/** Milliseconds of one run of a dispatch, repeated for about 20 ms; the best of three. */
async function timeDispatch(studio: GpuStudio, dispatch: ReadyDispatch): Promise<number> {
  const { device, profile } = studio;
  const run = (times: number) => async (): Promise<void> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(dispatch.pipeline);
    pass.setBindGroup(0, dispatch.bindGroup);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(...dispatch.workgroups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
  const of = async (times: number): Promise<number> => {
    const { wall, cpu } = await spent(run(times));
    return profile.software ? cpu : wall;
  };
  // A submit costs something itself, so double until the dispatches weigh more.
  let times = 1;
  while (times < 256 && (await of(times)) < 20) times *= 2;
  const measured: number[] = [];
  for (let i = 0; i < 3; i++) measured.push((await of(times)) / times);
  return Math.min(...measured);
}

const { gpu, adapter } = await openNodeGpu(options.adapter);
const studio = await openStudio(gpu, nodeShaders, { adapter });
const { instance, step, what } = await profiledStep(studio, options);
await step();
const whole = await spent(step);
const [shape] = instance['training'].values();
const prepared = shape.prepared as GpuPreparedPlan;
const shares = new Map<string, Share>();
const known = new Map<ReadyDispatch['pipeline'], Map<string, number>>();
for (const [phase, dispatches] of [
  ['compute', prepared.phases.compute],
  ['update', prepared.phases.update],
] as const) {
  for (const [i, dispatch] of dispatches.entries()) {
    // Layers are alike: the same pipeline over as many workgroups takes the same time.
    const { shader } = prepared.plan[phase][i];
    const times = known.get(dispatch.pipeline) ?? new Map<string, number>();
    known.set(dispatch.pipeline, times);
    const grid = dispatch.workgroups.join('×');
    const milliseconds = times.get(grid) ?? (await timeDispatch(studio, dispatch));
    times.set(grid, milliseconds);
    const key = options.by === 'label' ? `${dispatch.label} ${shader} ${grid}` : shader;
    const share = shares.get(key) ?? { count: 0, milliseconds: 0, flops: 0 };
    shares.set(key, {
      count: share.count + 1,
      milliseconds: share.milliseconds + milliseconds,
      flops: share.flops + dispatch.flops,
    });
  }
}
const sum = [...shares.values()].reduce((total, { milliseconds }) => total + milliseconds, 0);
console.log(
  `${studio.profile.description}: ${what}: step ${whole.wall.toFixed(1)} ms, processor ${whole.cpu.toFixed(1)} ms; dispatches ${sum.toFixed(1)} ms`,
);
console.log(
  table(
    [options.by, 'dispatches', 'ms', '%', 'GFLOP/s'],
    [...shares]
      .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
      .map(([key, { count, milliseconds, flops }]) => [
        key,
        `${count}`,
        milliseconds.toFixed(2),
        ((100 * milliseconds) / sum).toFixed(1),
        (flops / milliseconds / 1e6).toFixed(2),
      ]),
  ),
);
instance.destroy();
studio.destroy();
