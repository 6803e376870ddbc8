/** The executor on a device: exact memory, nothing created in steady state, sharing, limits, loss of the device. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differentiate } from '../../src/autodiff/differentiate.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../../src/autodiff/loss.ts';
import { StudioError } from '../../src/errors.ts';
import { say } from '../../src/sentence.ts';
import type { GpuExecutor } from '../../src/gpu/executor.ts';
import { openDevice } from '../../src/gpu/device.ts';
import { openNodeGpu, type NodeGpu } from '../../src/gpu/node-adapter.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { profile } from '../../src/gpu/profile.ts';
import { openStudio, GpuStudio } from '../../src/gpu/studio.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import { memoryOf, mergeBuffers } from '../../src/plan/memory.ts';
import { planProgram } from '../../src/plan/planner.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { napping } from '../support/napping.ts';
import { randomData } from '../support/random.ts';
import { stepBlock } from '../support/run-kernel.ts';
import { Sketch } from '../support/sketch.ts';

const WIDTH = 32;
const LABEL_COUNT = 4;

let node: NodeGpu;
let studio: GpuStudio;

napping();
beforeAll(async () => {
  node = await openNodeGpu(process.env.DELTA_ADAPTER || 'swiftshader');
  studio = await openStudio(node.gpu, nodeShaders, { adapter: node.adapter });
});
afterAll(() => studio.destroy());

/** A frozen layer, a trained layer, cross-entropy; `rows` is what differs between length buckets. */
function planOf(rows: number): Plan {
  const s = new Sketch();
  const x = s.host('x', [rows, WIDTH]);
  const h = s.node('Unary', [s.linear(x, s.parameter('frozen', [WIDTH, WIDTH]))], { kind: 'Tanh' }, [
    rows,
    WIDTH,
  ])[0];
  const logits = s.linear(h, s.parameter('head', [WIDTH, LABEL_COUNT]));
  const forward = attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy');
  const { program, gradients } = differentiate(forward, LOSS, ['head']);
  const { limits } = studio.profile;
  return planProgram({
    program,
    adapter: studio.profile,
    shapeKey: `${rows}`,
    modelKey: 'model',
    layout: layoutTrainables(
      [{ name: 'head', shape: [WIDTH, LABEL_COUNT] }],
      limits.maxStorageBufferBindingSize,
      limits.minStorageBufferOffsetAlignment,
    ),
    gradients,
    readbacks: new Map([['loss', LOSS]]),
    optimizer: {
      type: 'adamw',
      weightDecay: 0,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      maxGradNorm: 1,
      accumulation: 1,
    },
  });
}

const head = randomData([WIDTH, LABEL_COUNT], 2, 0.1);
const frozen = randomData([WIDTH, WIDTH], 1, 0.3);

async function start(owner: GpuStudio, plans: readonly Plan[]): Promise<GpuExecutor> {
  const run = await owner.createRun(plans);
  for (const plan of plans) run.memory.fill(plan, () => frozen);
  run.memory.write(plans[0].trainables[0].tensor, head);
  return run;
}

function batchOf(rows: number, step: number) {
  const labels = Int32Array.from({ length: rows }, (_, i) => i % LABEL_COUNT);
  return {
    x: randomData([rows, WIDTH], 100),
    [LABELS]: labels,
    [WEIGHTS]: new Float32Array(rows).fill(1 / rows),
    step: stepBlock({
      step,
      optimizerStep: step,
      flags: 1,
      learningRate: 0.02,
      beta1Correction: 1 - 0.9 ** step,
      beta2Correction: 1 - 0.999 ** step,
    }),
  };
}

async function train(run: GpuExecutor, plan: Plan, rows: number, steps: number): Promise<number[]> {
  const prepared = await run.prepare(plan);
  const losses: Promise<Record<string, Float32Array>>[] = [];
  for (let step = 1; step <= steps; step++)
    losses.push(
      run.execute(prepared, {
        uploads: batchOf(rows, step),
        phases: ['compute', 'update'],
        read: ['loss', 'gradNorm'],
      }),
    );
  return (await Promise.all(losses)).map(({ loss }) => loss[0]);
}

/** The first loss in float64: mean cross-entropy of tanh(x·frozen)·head. */
function firstLoss(rows: number): number {
  const { x } = batchOf(rows, 1);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const hidden = Array.from({ length: WIDTH }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < WIDTH; k++) sum += x[i * WIDTH + k] * frozen[k * WIDTH + j];
      return Math.tanh(sum);
    });
    const logits = Array.from({ length: LABEL_COUNT }, (_, c) =>
      hidden.reduce((sum, value, j) => sum + value * head[j * LABEL_COUNT + c], 0),
    );
    total += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[i % LABEL_COUNT];
  }
  return total / rows;
}

describe('a run', () => {
  it('learns, and its first loss is right', async () => {
    const plan = planOf(16);
    const run = await start(studio, [plan]);
    const losses = await train(run, plan, 16, 30);
    expect(Math.abs(losses[0] - firstLoss(16))).toBeLessThan(1e-5);
    expect(losses[29]).toBeLessThan(0.5 * losses[0]);
    const [trained] = await run.read([plan.trainables[0].tensor]);
    expect(trained).toHaveLength(WIDTH * LABEL_COUNT);
    expect(trained).not.toEqual(head);
    run.destroy();
  });

  it('repeats itself bit for bit', async () => {
    const plan = planOf(16);
    const results: Float32Array[] = [];
    for (let i = 0; i < 2; i++) {
      const run = await start(studio, [plan]);
      await train(run, plan, 16, 5);
      results.push((await run.read([plan.trainables[0].tensor]))[0]);
      run.destroy();
    }
    expect(results[0]).toEqual(results[1]);
  });

  it('creates no buffer, bind group or pipeline in steady state', async () => {
    const plan = planOf(16);
    const run = await start(studio, [plan]);
    await train(run, plan, 16, 3);
    const before = { ...studio.counters };
    expect(before.bindGroups).toBeGreaterThan(0);
    const prepared = await run.prepare(plan);
    for (let step = 4; step < 20; step++)
      await run.execute(prepared, {
        uploads: batchOf(16, step),
        phases: ['compute', 'update'],
        read: ['loss', 'gradNorm'],
      });
    expect(studio.counters).toEqual(before);
    run.destroy();
  });

  it('allocates to the byte what its plans say, sized for the largest bucket', async () => {
    const plans = [planOf(8), planOf(24)];
    const run = await start(studio, plans);
    expect(run.memory.bytes).toEqual(memoryOf(mergeBuffers(plans)));
    expect(run.memory.bytes.batch).toBe(plans[1].memory.batch);
    const losses = [await train(run, plans[0], 8, 1), await train(run, plans[1], 24, 1)];
    expect(losses[0][0]).toBeGreaterThan(0);
    expect(losses[1][0]).toBeGreaterThan(0);
    run.destroy();
    expect(studio.memory.bytes.total).toBe(0);
  });

  it('shares frozen weights with other runs, once each on the device', async () => {
    const plan = planOf(16);
    const first = await start(studio, [plan]);
    const alone = studio.memory.bytes;
    let asked = 0;
    const second = await studio.createRun([plan]);
    second.memory.fill(plan, () => (asked++, frozen));
    const shared = plan.buffers.filter((buffer) => buffer.shared).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(shared).toBe(4 * WIDTH * WIDTH);
    expect(asked).toBe(0);
    expect(studio.memory.bytes.total).toBe(2 * alone.total - shared);
    expect(second.memory.bytes).toEqual(first.memory.bytes);
    first.destroy();
    expect(studio.memory.bytes).toEqual(alone);
    second.memory.write(plan.trainables[0].tensor, head);
    expect((await train(second, plan, 16, 1))[0]).toBeCloseTo(firstLoss(16), 5);
    // What two runs trained on is, bit for bit, what was uploaded.
    const [weights] = await second.read(plan.weights.filter(({ name }) => name === 'frozen'));
    expect([...weights]).toEqual([...frozen]);
    second.destroy();
    expect(studio.memory.bytes.total).toBe(0);
  });

  it('can be profiled where there are timestamps', async () => {
    const plan = planOf(16);
    const run = await start(studio, [plan]);
    const prepared = await run.prepare(plan);
    await run.execute(prepared, { uploads: batchOf(16, 1), phases: [] });
    if (studio.profile.timestamps) {
      const times = await profile(studio, prepared, ['compute']);
      expect(times.map(({ label }) => label)).toEqual(plan.compute.map(({ label }) => label));
      expect(times.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    } else await expect(profile(studio, prepared, ['compute'])).rejects.toThrow('no timestamps');
    run.destroy();
  });
});

describe('what cannot run', () => {
  it('is a buffer over the limits, refused by name, bytes and remedy', async () => {
    const plan = planOf(16);
    const bytes = studio.profile.limits.maxBufferSize + 4;
    plan.buffers.push({ id: 'huge', category: 'activations', bytes, shared: false });
    const refusal = studio.createRun([plan]);
    await expect(refusal).rejects.toThrow(/buffer huge needs [\d.]+ MiB .* choose a smaller batch size/);
    await expect(refusal).rejects.toMatchObject({ code: 'device', where: 'huge' });
    expect(studio.memory.bytes.total).toBe(0);
  });

  it('is a buffer the driver refuses; nothing stays allocated', async () => {
    // At default limits the device refuses what the profile would allow.
    const own = await openNodeGpu(node.name);
    const small = await openDevice(own.gpu, { adapter: own.adapter, defaultLimits: true });
    const limits = { ...small.profile.limits, maxBufferSize: 2 ** 40 };
    const lying = new GpuStudio({ ...small, profile: { ...small.profile, limits } }, nodeShaders);
    const plan = planOf(16);
    plan.buffers.push({ id: 'huge', category: 'workspace', bytes: 2 ** 29, shared: false });
    await expect(lying.createRun([plan])).rejects.toThrow(/buffer huge of 512.0 MiB could not be allocated/);
    expect(lying.memory.bytes.total).toBe(0);
    lying.destroy();
  });

  it('is a shader that does not compile: its name and the compiler’s message', async () => {
    const own = await openNodeGpu(node.name);
    const broken = await openStudio(
      own.gpu,
      (path) =>
        path === 'matmul/general'
          ? `${nodeShaders(path)}\nfn wrong() -> f32 { return 1u; }`
          : nodeShaders(path),
      { adapter: own.adapter },
    );
    const plan = planOf(16);
    for (const dispatch of plan.compute)
      if (dispatch.shader.startsWith('matmul/quad')) dispatch.shader = 'nowhere/to-be-found';
    const run = await broken.createRun([plan]);
    await expect(run.prepare(plan)).rejects.toThrow(/^internal: /);
    await expect(
      broken.pipelines.get('matmul/general', 'main', {
        constants: {},
        access: Array.from({ length: 7 }, () => 'read_write' as const),
        aliases: [0, 1, 2, 3, 4, 5, 6],
      }),
    ).rejects.toThrow(
      /^internal: shader matmul\/general \(main\) does not compile: line \d+: return statement type/,
    );
    broken.destroy();
  });
});

describe('a lost device', () => {
  it('rejects what waits and what comes after, by one sentence', async () => {
    const own = await openNodeGpu(node.name);
    const opened = await openDevice(own.gpu, { adapter: own.adapter });
    let lose: (error: StudioError) => void = () => {};
    const lost = new Promise<StudioError>((resolve) => (lose = resolve));
    const fragile = new GpuStudio({ ...opened, lost }, nodeShaders);
    const plan = planOf(16);
    const run = await start(fragile, [plan]);
    const prepared = await run.prepare(plan);
    const request = { uploads: batchOf(16, 1), phases: ['compute'] as const, read: ['loss'] };
    const waiting = run.execute(prepared, request);
    lose(new StudioError('device', say`The GPU device was lost.`));
    await expect(waiting).rejects.toMatchObject({ code: 'device', message: 'The GPU device was lost.' });
    await expect(run.execute(prepared, request)).rejects.toThrow('The GPU device was lost.');
    await expect(run.read([plan.trainables[0].tensor])).rejects.toThrow('The GPU device was lost.');
    await expect(fragile.createRun([plan])).rejects.toThrow('The GPU device was lost.');
    fragile.destroy();
  });

  it('that was closed on purpose ends every wait, too', async () => {
    const own = await openNodeGpu(node.name);
    const closing = await openStudio(own.gpu, nodeShaders, { adapter: own.adapter });
    const plan = planOf(16);
    const run = await start(closing, [plan]);
    const prepared = await run.prepare(plan);
    const waiting = run.execute(prepared, { uploads: batchOf(16, 1), phases: ['compute'], read: ['loss'] });
    closing.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'device' });
  });
});
