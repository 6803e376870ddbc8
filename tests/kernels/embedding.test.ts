/** Table lookup, also over two tables, and its scatter by sorted order. */
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../../src/graph/philox.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { rowSlices } from '../../src/plan/lower/support.ts';
import { checkOp, floats, integers, VARIANTS } from '../support/check-op.ts';
import { testDevice } from '../support/run-kernel.ts';

/** [2, n]: the ids in ascending order, then their positions, as the host prepares it. */
function orderOf(ids: readonly number[]) {
  const positions = ids.map((_, t) => t).sort((a, b) => ids[a] - ids[b] || a - b);
  return integers([2, ids.length], [...positions.map((t) => ids[t]), ...positions]);
}

function randomIds(count: number, below: number): number[] {
  const random = new PhiloxStream(5, 1);
  return Array.from({ length: count }, () => random.below(below));
}

const CASES = [
  { vocabulary: 50, width: 8, tokens: 33 },
  { vocabulary: 7, width: 5, tokens: 12 },
  { vocabulary: 1, width: 1, tokens: 1 },
  { vocabulary: 2, width: 130, tokens: 300 },
  { vocabulary: 2000, width: 32, tokens: 40 },
  { vocabulary: 1500, width: 70, tokens: 9 },
];

describe('Gather', () => {
  it.each(CASES)('$tokens of $vocabulary × $width', async ({ vocabulary, width, tokens }) => {
    const ids = integers([tokens], randomIds(tokens, vocabulary));
    const table = { ...floats([vocabulary, width], 1), kind: 'parameter' as const };
    await checkOp('Gather', {}, { table, ids }, { y: [tokens, width] }, { tolerance: 0 });
  });

  it.each([4, 3])('reads soft prompt rows of width %i from the second table', async (width) => {
    const ids = integers([2, 5], [10, 11, 12, 3, 9, 10, 11, 12, 0, 0]);
    const inputs = { table: floats([10, width], 1), ids, extra: floats([3, width], 2) };
    await checkOp('Gather', {}, inputs, { y: [2, 5, width] }, { tolerance: 0 });
  });
});

describe('a table longer than a binding may be', () => {
  it.each([
    { vocabulary: 500, width: 32, limit: 20_000 },
    { vocabulary: 130, width: 5, limit: 1300 },
  ])('$vocabulary × $width in bindings of $limit bytes', async ({ vocabulary, width, limit }) => {
    const { limits } = (await testDevice()).profile;
    const tight = { limits: { ...limits, maxStorageBufferBindingSize: limit } };
    const variants = Object.fromEntries(
      Object.entries(VARIANTS).map(([name, variant]) => [name, { ...variant, ...tight }]),
    );
    const slices = rowSlices(vocabulary, width, tight as AdapterProfile);
    expect(slices.length).toBeGreaterThan(2);
    expect(4 * width * Math.max(...slices.map(({ rows }) => rows))).toBeLessThanOrEqual(limit);
    // The first and last row of each slice, those of the second table, and some more.
    const edges = slices.flatMap(({ start, rows }) => [start, start + rows - 1]);
    const ids = [...edges, vocabulary, vocabulary + 2, ...randomIds(20, vocabulary)];
    const table = { ...floats([vocabulary, width], 1), kind: 'parameter' as const };
    const extra = floats([3, width], 2);
    const options = { tolerance: 0, variants };
    const inputs = { table, ids: integers([ids.length], ids) };
    await checkOp('Gather', {}, { ...inputs, extra }, { y: [ids.length, width] }, options);
    const own = ids.filter((id) => id < vocabulary);
    const alone = { table, ids: integers([own.length], own) };
    await checkOp('Gather', {}, alone, { y: [own.length, width] }, options);
    const gradient = { dy: floats([ids.length, width], 3), order: orderOf(ids) };
    const [rows, shape] = [{ rows: vocabulary, firstRow: 0 }, { d: [vocabulary, width] }];
    await checkOp('GatherGrad', rows, gradient, shape, { variants });
  });
});

describe('GatherGrad', () => {
  it.each(CASES)('$tokens into $vocabulary × $width', async ({ vocabulary, width, tokens }) => {
    const order = orderOf(randomIds(tokens, vocabulary));
    const inputs = { dy: floats([tokens, width], 1), order };
    await checkOp('GatherGrad', { rows: vocabulary, firstRow: 0 }, inputs, { d: [vocabulary, width] });
  });

  it('takes the rows of the second table only', async () => {
    const order = orderOf([10, 11, 12, 3, 9, 10, 11, 12, 0, 0]);
    const inputs = { dy: floats([2, 5, 4], 1), order };
    await checkOp('GatherGrad', { rows: 3, firstRow: 10 }, inputs, { d: [3, 4] });
    await checkOp('GatherGrad', { rows: 4, firstRow: 12 }, inputs, { d: [4, 4] });
  });

  it('adds up one id at every position', async () => {
    const order = orderOf(new Array<number>(500).fill(1));
    const dy = floats([500, 16], 1);
    const { d } = await checkOp('GatherGrad', { rows: 3, firstRow: 0 }, { dy, order }, { d: [3, 16] });
    expect([...d.slice(0, 16), ...d.slice(32)].every((v) => v === 0)).toBe(true);
  });

  it('is deterministic', async () => {
    const order = orderOf(randomIds(400, 3));
    const inputs = { dy: floats([400, 12], 1), order };
    const first = await checkOp('GatherGrad', { rows: 3, firstRow: 0 }, inputs, { d: [3, 12] });
    const second = await checkOp('GatherGrad', { rows: 3, firstRow: 0 }, inputs, { d: [3, 12] });
    expect(second).toEqual(first);
  });
});
