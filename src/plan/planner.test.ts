import { describe, expect, it } from 'vitest';
import { Sketch } from '../../tests/support/sketch.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import { fuseLinearLoss } from '../autodiff/linear-loss.ts';
import { attachLoss, LOSS } from '../autodiff/loss.ts';
import { StudioError } from '../errors.ts';
import type { AdapterProfile } from './kernel-call.ts';
import { layoutTrainables } from './layout.ts';
import type { Precision } from './precisions.ts';
import { cpuProfile } from '../cpu/profile.ts';
import { mergeBuffers, memoryOf } from './memory.ts';
import { planProgram } from './planner.ts';
import type { Plan } from './plan.ts';

const ADAPTER: AdapterProfile = {
  kind: 'webgpu',
  vendor: 'test',
  architecture: '',
  description: 'default limits',
  software: true,
  subgroups: false,
  f16: false,
  timestamps: false,
  limits: {
    maxStorageBufferBindingSize: 128 * 2 ** 20,
    maxBufferSize: 256 * 2 ** 20,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    minStorageBufferOffsetAlignment: 256,
  },
};

const OPTIMIZER = {
  type: 'adamw',
  weightDecay: 0,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  maxGradNorm: 1,
  accumulation: 1,
} as const;

function plan(trained: string[], rows = 3, adapter = ADAPTER, accumulation = 1): Plan {
  const s = new Sketch();
  let h = s.host('x', [rows, 64]);
  for (const name of ['w1', 'w2', 'w3']) {
    h = s.linear(h, s.parameter(name, [64, 64]), s.parameter(`${name}.bias`, [64]));
    h = s.node('Unary', [h], { kind: 'Gelu' }, [rows, 64])[0];
  }
  const logits = s.linear(h, s.parameter('head', [64, 2]));
  const forward = attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy');
  const { program, gradients } = differentiate(forward, LOSS, trained);
  const tensors = trained.map((name) => ({ name, shape: program.values.get(name)!.shape }));
  return planProgram({
    program,
    adapter,
    shapeKey: `${rows}`,
    modelKey: 'm',
    layout: layoutTrainables(tensors, adapter.limits.maxStorageBufferBindingSize, 256),
    gradients,
    readbacks: new Map([['loss', LOSS]]),
    optimizer: { ...OPTIMIZER, accumulation },
  });
}

describe('planProgram', () => {
  it('binds at most eight buffers, inside their bounds and at aligned offsets', () => {
    const { buffers, compute, update } = plan(['w1', 'w2', 'head']);
    const size = new Map(buffers.map((buffer) => [buffer.id, buffer.bytes]));
    expect(compute.length).toBeGreaterThan(8);
    for (const { bindings, label } of [...compute, ...update]) {
      expect(bindings.length, label).toBeLessThanOrEqual(8);
      for (const { buffer, offset, size: bytes } of bindings) {
        expect(offset % 256).toBe(0);
        expect(offset + bytes, label).toBeLessThanOrEqual(size.get(buffer)!);
      }
    }
  });

  it('never binds one buffer read and read_write in one dispatch', () => {
    for (const { bindings } of plan(['w1', 'w2', 'head']).compute) {
      const access = new Map<string, string>();
      for (const binding of bindings) {
        const known = access.get(binding.buffer);
        if (known) expect(binding.access).toBe(known);
        access.set(binding.buffer, binding.access);
      }
    }
  });

  it('keeps frozen weights apart, shared and read-only; trained ones are packed with gradient and moments', () => {
    const result = plan(['w2', 'head']);
    const frozen = result.buffers.filter((buffer) => buffer.shared).map((buffer) => buffer.id);
    expect(frozen).toContain('weight:m:w1');
    expect(frozen).not.toContain('weight:m:w2');
    expect(result.trainables.map((t) => t.name)).toEqual(['w2', 'head']);
    const [w2] = result.trainables;
    expect(w2.tensor).toMatchObject({ buffer: 'trainable.0', offset: 0, bytes: 64 * 64 * 4 });
    expect(w2.gradient).toMatchObject({ buffer: 'gradient.0', offset: 0 });
    expect(w2.moments.map((m) => m.buffer)).toEqual(['moment1.0', 'moment2.0']);
    expect(result.memory.optimizer).toBe(2 * result.memory.trainable);
    expect(result.memory.gradients).toBe(result.memory.trainable);
  });

  it('needs less memory the less is trained', () => {
    const all = plan(['w1', 'w1.bias', 'w2', 'w2.bias', 'w3', 'w3.bias', 'head'], 64).memory;
    const head = plan(['head'], 64).memory;
    expect(head.activations).toBeLessThan(all.activations);
    expect(head.total).toBeLessThan(all.total);
  });

  it('totals its categories; plans of one run share buffers sized for the largest', () => {
    const small = plan(['head'], 3);
    const large = plan(['head'], 64);
    const { total, ...parts } = large.memory;
    expect(Object.values(parts).reduce((n, bytes) => n + bytes, 0)).toBe(total);
    const merged = memoryOf(mergeBuffers([small, large]));
    expect(merged.activations).toBe(Math.max(small.memory.activations, large.memory.activations));
    expect(merged.frozenWeights).toBe(large.memory.frozenWeights);
  });

  it('accumulates into buffers of their own when there are micro-batches', () => {
    const result = plan(['w1', 'head'], 3, ADAPTER, 2);
    expect(result.accumulate).toHaveLength(1);
    expect(result.memory.gradients).toBe(2 * result.memory.trainable);
    expect(result.trainables[0].gradient.buffer).toBe('accumulated.0');
  });

  it('refuses what the adapter cannot bind or allocate, with name, size and remedy', () => {
    const tight = { ...ADAPTER, limits: { ...ADAPTER.limits, maxStorageBufferBindingSize: 20000 } };
    expect(() => plan(['head'], 100, tight)).toThrow(StudioError);
    expect(() => plan(['head'], 100, tight)).toThrow(/binds at most .* lower the batch size/);
    const small = { ...ADAPTER, limits: { ...ADAPTER.limits, maxBufferSize: 20000 } };
    expect(() => plan(['head'], 100, small)).toThrow(
      /The buffer for .* allows at most .* lower the batch size/,
    );
  });

  it('puts activations into several buffers where one may not be as long, and loses little by it', () => {
    const whole = plan(['w1', 'w2', 'head'], 100);
    const small = { ...ADAPTER, limits: { ...ADAPTER.limits, maxBufferSize: 60_000 } };
    const split = plan(['w1', 'w2', 'head'], 100, small);
    const parts = split.buffers.filter(({ category }) => category === 'activations');
    expect(whole.memory.activations).toBeGreaterThan(60_000);
    expect(parts.map(({ id }) => id)).toEqual(
      parts.map((_, i) => (i === 0 ? 'activations' : `activations.${i}`)),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const { bytes } of parts) expect(bytes).toBeLessThanOrEqual(60_000);
    expect(split.memory.activations).toBeLessThan(1.25 * whole.memory.activations);
    const bound = new Set(split.compute.flatMap(({ bindings }) => bindings.map(({ buffer }) => buffer)));
    for (const { id } of parts) expect(bound).toContain(id);
    // Where values lie is all that differs.
    const bare = ({ compute }: Plan) =>
      compute.map(({ bindings, ...dispatch }) => ({ ...dispatch, sizes: bindings.map(({ size }) => size) }));
    expect(bare(split)).toEqual(bare(whole));
  });
});

describe('the loss over a large vocabulary', () => {
  const ROWS = 256;
  const WIDTH = 512;

  function lossPlan(
    vocabulary: number,
    fuse: boolean,
    trained = ['w'],
    transB = true,
    { adapter = ADAPTER, precision }: { adapter?: AdapterProfile; precision?: Precision } = {},
  ): Plan {
    const s = new Sketch();
    const hidden = s.linear(s.host('x', [ROWS, WIDTH]), s.parameter('w', [WIDTH, WIDTH]));
    const head = s.parameter('head', transB ? [vocabulary, WIDTH] : [WIDTH, vocabulary]);
    const attributes = { transA: false, transB, flattenK: false, alpha: 1 };
    const [logits] = s.node('MatMul', [hidden, head], attributes, [ROWS, vocabulary]);
    const plain = attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy');
    const { program, gradients } = differentiate(fuse ? fuseLinearLoss(plain) : plain, LOSS, trained);
    const tensors = trained.map((name) => ({ name, shape: program.values.get(name)!.shape }));
    return planProgram({
      program,
      adapter,
      precision,
      shapeKey: 'loss',
      modelKey: 'm',
      layout: layoutTrainables(tensors, adapter.limits.maxStorageBufferBindingSize, 256),
      gradients,
      readbacks: new Map([['loss', LOSS]]),
      optimizer: OPTIMIZER,
    });
  }

  it('refuses a weight longer than one buffer, and each remedy that it names is one', () => {
    // 273 MiB, where a buffer has 256.
    const [vocabulary, fuse, trained, transB] = [140_000, true, ['w'], true];
    expect(() => lossPlan(vocabulary, fuse, trained, transB)).toThrow(
      'The weight "head" takes 273.4 MiB but this GPU allows at most 256.0 MiB in one piece, whatever the batch size; choose "f16-base" for training.precision, which halves it, or run it on the processor (the adapter wasm).',
    );
    const wasm = { adapter: cpuProfile(2) };
    expect(lossed(lossPlan(vocabulary, fuse, trained, transB, wasm)).bytes).toBe(4 * vocabulary * WIDTH);
    const halved = lossed(lossPlan(vocabulary, fuse, trained, transB, { precision: 'f16-base' }));
    expect(halved.bytes).toBe(2 * vocabulary * WIDTH);
    for (const { size } of halved.bindings)
      expect(size).toBeLessThanOrEqual(ADAPTER.limits.maxStorageBufferBindingSize);
  });

  const working = ({ memory }: Plan): number => memory.activations + memory.workspace;

  it('works in one chunk of logits, however large the vocabulary', () => {
    const [small, large] = [lossPlan(32768, true), lossPlan(65536, true)];
    expect(working(large)).toBe(working(small));
    const logits = 4 * ROWS * 32768;
    expect(working(small)).toBeLessThan(logits / 2);
    expect(working(lossPlan(32768, false))).toBeGreaterThan(logits);
  });

  it('binds a table longer than a binding may be in slices', () => {
    const { bindings, bytes } = lossed(lossPlan(120_000, true));
    expect(bytes).toBeGreaterThan(ADAPTER.limits.maxStorageBufferBindingSize);
    expect(bindings.length).toBeGreaterThan(1);
    for (const { offset, size } of bindings) {
      expect(size).toBeLessThanOrEqual(ADAPTER.limits.maxStorageBufferBindingSize);
      expect(offset % 256).toBe(0);
      expect(offset + size).toBeLessThanOrEqual(bytes);
    }
    // Stored the other way round, columns of all rows lie too far apart for one binding.
    expect(() => lossPlan(120_000, true, ['w'], false)).toThrow(/"head" takes .* MiB/);
  });

  function lossed(plan: Plan): { bindings: { offset: number; size: number }[]; bytes: number } {
    const buffer = plan.buffers.find(({ id }) => id.endsWith(':head'))!;
    const bindings = plan.compute.flatMap((dispatch) =>
      dispatch.bindings.filter((binding) => binding.buffer === buffer.id),
    );
    return { bindings, bytes: buffer.bytes };
  }
});
