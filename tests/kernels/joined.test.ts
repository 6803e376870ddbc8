/** Products of one dispatch: that those which wait for nothing of each other are joined, and what they then compute. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import { openDevice, type OpenedDevice } from '../../src/gpu/device.ts';
import { nodeShaders } from '../../src/gpu/node-shaders.ts';
import { PipelineCache } from '../../src/gpu/pipelines.ts';
import { matMul } from '../../src/graph/reference/matmul.ts';
import type { AnyNode, OpAttributes, Program } from '../../src/graph/program.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { joinProducts } from '../../src/plan/join-products.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { aliasRoots, lowerProgram, type PlannedCall } from '../../src/plan/lifetimes.ts';
import { withSizes } from '../../src/plan/lower/sizes.ts';
import { MATMUL_VARIANTS } from '../../src/plan/lower/variants.ts';
import { sizeNames } from '../../src/plan/sizes-buffer.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { asRef, randomData, relativeError } from '../support/random.ts';
import { ONLY_WASM, runCalls, testDevice } from '../support/run-kernel.ts';

type Kind = 'layers' | 'gradients' | 'sum';

interface Case {
  kind: Kind;
  count: 2 | 3;
  /** Rows of x, columns of y and of x. */
  sizes: readonly [number, number, number];
  bias?: boolean;
  alpha?: number;
}

/** `count` linear layers of one x, the gradients of their parameters, or that of x, to which a residual is added. */
function programOf({ kind, count, sizes: [rows, n, k], bias = false, alpha = 1 }: Case): Program {
  const values: Program['values'] = new Map();
  const nodes: AnyNode[] = [];
  const add = (id: string, shape: number[], isWeight = false): string => {
    values.set(id, { id, shape, type: 'f32', kind: isWeight ? 'parameter' : 'node' });
    return id;
  };
  const attributes: OpAttributes['MatMul'] = {
    transA: kind === 'gradients',
    transB: kind === 'sum',
    flattenK: kind === 'gradients',
    alpha,
  };
  if (kind === 'sum') add('r', [rows, k]);
  else add('x', [rows, k]);
  for (let i = 0; i < count; i++) {
    let inputs: string[];
    let outputs: string[];
    if (kind === 'layers') {
      inputs = ['x', add(`w${i}`, [k, n], true), bias ? add(`b${i}`, [n], true) : ''];
      outputs = [add(`y${i}`, [rows, n])];
    } else if (kind === 'gradients') {
      inputs = ['x', add(`d${i}`, [rows, n])];
      outputs = [add(`w${i}`, [k, n]), ...(bias ? ['', add(`b${i}`, [n])] : [])];
    } else {
      inputs = [add(`d${i}`, [rows, n]), add(`w${i}`, [k, n], true), '', i === 0 ? 'r' : `s${i - 1}`];
      outputs = [add(`s${i}`, [rows, k])];
    }
    nodes.push({ op: 'MatMul', inputs, outputs, attributes, sources: [`${kind}${i}`], phase: 'forward' });
  }
  return {
    values,
    nodes,
    outputs: kind === 'sum' ? [`s${count - 1}`] : nodes.flatMap(({ outputs }) => outputs.filter(Boolean)),
  };
}

function joined(program: Program, adapter: AdapterProfile): PlannedCall[] {
  return joinProducts(lowerProgram(program, adapter), adapter, aliasRoots(program), new Set(program.outputs));
}

const gpu = (more: Partial<AdapterProfile['limits']> = {}, choice?: string): AdapterProfile => ({
  ...DEFAULT_PROFILE,
  limits: { ...DEFAULT_PROFILE.limits, maxStorageBuffersPerShaderStage: 10, ...more },
  ...(choice !== undefined && { choices: new Proxy<Record<string, string>>({}, { get: () => choice }) }),
});

const shaders = (calls: readonly PlannedCall[]): string[] => calls.map(({ call }) => call.shader);

const CASES: Case[] = [
  { kind: 'layers', count: 3, sizes: [37, 21, 19], bias: true, alpha: 0.5 },
  { kind: 'gradients', count: 3, sizes: [19, 37, 70], bias: true },
  { kind: 'sum', count: 3, sizes: [37, 21, 19], alpha: 2 },
  { kind: 'layers', count: 2, sizes: [70, 36, 40] },
  { kind: 'gradients', count: 2, sizes: [40, 36, 68], bias: true },
  { kind: 'sum', count: 2, sizes: [68, 36, 40] },
];

describe('products', () => {
  it.each(CASES)('are one dispatch: $count $kind of $sizes', (given) => {
    const [one, ...others] = joined(programOf(given), gpu());
    expect(others).toEqual([]);
    expect(one.call.shader).toBe(`matmul/tiled-${given.kind}`);
    expect(one.call.workgroups[2]).toBe(given.kind === 'sum' ? 1 : given.count);
    const blocked = joined(programOf({ ...given, sizes: [36, 20, 40] }), gpu({}, '8×8, 8×8, 16'));
    expect(shaders(blocked)).toEqual([`matmul/blocked-${given.kind}`]);
  });

  it('have as many in one as the adapter binds', () => {
    const layers = programOf({ kind: 'layers', count: 3, sizes: [37, 21, 19], bias: true });
    const bound = gpu({ maxStorageBuffersPerShaderStage: 8 });
    expect(shaders(joined(layers, bound))).toEqual(['matmul/tiled-layers', 'matmul/tiled']);
  });

  it('are left alone on software adapters and the processor', () => {
    const program = programOf(CASES[0]);
    for (const adapter of [
      { ...gpu(), software: true },
      { ...gpu(), kind: 'wasm' as const },
    ])
      expect(joined(program, adapter)).toHaveLength(3);
  });

  it('are not moved before what they need', () => {
    const program = programOf({ kind: 'layers', count: 2, sizes: [9, 8, 8] });
    // The second layer's weight is what the first one makes of x.
    program.values.set('w1', { id: 'w1', shape: [8, 8], type: 'f32', kind: 'node' });
    program.values.set('x', { id: 'x', shape: [8, 8], type: 'f32', kind: 'node' });
    program.nodes[0].outputs = ['w1'];
    expect(shaders(joined(program, gpu()))).toEqual(['matmul/tiled', 'matmul/tiled']);
  });

  it('of a chain stay where another reads what is between', () => {
    const program = programOf({ kind: 'sum', count: 2, sizes: [9, 8, 8] });
    expect(joined({ ...program, outputs: ['s0', 's1'] }, gpu())).toHaveLength(2);
  });
});

describe('what is compiled for joined products', () => {
  // Validates all and runs nothing. The package's process ends when this is forgotten before its devices.
  const device = create(['backend=null']);
  let opened: OpenedDevice;
  let pipelines: PipelineCache;
  beforeAll(async () => {
    Object.assign(globalThis, globals);
    opened = await openDevice(device);
    pipelines = new PipelineCache(opened.device, nodeShaders);
  });
  afterAll(() => opened.destroy());

  it.each(CASES)('is valid: $count $kind', async (given) => {
    for (const choice of [undefined, '4×4, 8×8, 32', '8×8, 8×8, 16', 'two tiles, 8×8, 8×8, 8']) {
      // As many of them as this device binds.
      const { maxStorageBuffersPerShaderStage } = opened.profile.limits;
      const adapter = gpu({ maxStorageBuffersPerShaderStage }, choice);
      const [{ call }] = joined(programOf({ ...given, sizes: [36, 20, 40] }), adapter);
      const { shader, entry, constants, sizes = {}, operands } = withSizes(call, adapter);
      const family = choice === undefined ? 'tiled' : choice.startsWith('two') ? 'buffered' : 'blocked';
      expect(shader).toBe(`matmul/${family}-${given.kind}`);
      const values = operands.map((one) => ('value' in one ? one.value : ''));
      const access = operands.map((one) =>
        one.access === 'read' ? ('read' as const) : ('read_write' as const),
      );
      const aliases = values.map((value) => values.indexOf(value));
      await pipelines.get(shader, entry, { constants, sizes: sizeNames(sizes), access, aliases });
    }
  });
});

describe.skipIf(ONLY_WASM)('joined products compute what each does', () => {
  // Of the others a software GPU compiles each for seconds.
  const variants = [
    undefined,
    ...Object.keys(MATMUL_VARIANTS).filter((name) =>
      /^(4×4, 8×8, 32|8×8, 8×8, 16|two tiles, 8×8, 8×8, 8)$/.test(name),
    ),
  ];
  const all = variants.flatMap((choice) =>
    CASES.map((given): [string, Case, string | undefined] => [
      `${choice ?? 'tiled'} ${JSON.stringify(given)}`,
      given,
      choice,
    ]),
  );
  it.each(AT_LENGTH ? all.slice(3) : all.slice(0, 3))('%s', async (_name, given, choice) => {
    const opened = await testDevice({ kind: 'webgpu' });
    const { maxStorageBuffersPerShaderStage } = opened.profile.limits;
    const sized = choice === undefined ? given : { ...given, sizes: [68, 36, 40] as const };
    const program = programOf(sized);
    const adapter = gpu({ maxStorageBuffersPerShaderStage }, choice);
    const calls = joined(program, adapter).map(({ call }) => withSizes(call, adapter));
    if (maxStorageBuffersPerShaderStage >= 10) expect(calls).toHaveLength(1);
    const made = new Set(program.nodes.flatMap(({ outputs }) => outputs));
    const inputs = Object.fromEntries(
      [...program.values.values()]
        .filter(({ id }) => !made.has(id))
        .map(({ id, shape }, i) => [id, randomData(shape, i + 1)]),
    );
    const actual = await runCalls(opened, calls, program, program.outputs, inputs);
    const known = new Map(
      Object.entries(inputs).map(([id, data]) => [id, asRef(program.values.get(id)!.shape, data)]),
    );
    for (const node of program.nodes) {
      const results = matMul(
        node.inputs.map((id) => known.get(id)),
        node.attributes as OpAttributes['MatMul'],
        node.outputs.map((id) => program.values.get(id)?.shape ?? []),
      );
      node.outputs.forEach((id, i) => id && known.set(id, results[i]));
    }
    for (const id of program.outputs)
      expect(relativeError(actual[id], known.get(id)!.data), id).toBeLessThan(2e-5);
  });
});
