import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '../plan/default-profile.ts';
import type { Program } from '../graph/program.ts';
import type { KernelCall } from '../plan/kernel-call.ts';
import type { KernelChoices } from '../plan/kernel-choices.ts';
import type { Dispatch, Plan } from '../plan/plan.ts';
import { choiceFile } from './choice-file.ts';
import {
  adapterKey,
  classesOf,
  shareOff,
  Tuner,
  type ChoiceStore,
  type Kept,
  type TuneMode,
} from './tuner.ts';

const profile = { ...DEFAULT_PROFILE, vendor: 'acme', description: 'Acme 9' };
const LARGE = 'matmul NN 1 1024 1024 1024';
const SMALL = 'matmul NT 1 64 64 64';

const planOf = (...dispatches: [tunes: string | undefined, flops: number][]): Plan =>
  ({
    compute: dispatches.map(([tunes, flops]) => ({ tunes, flops }) as Dispatch),
    update: [],
  }) as unknown as Plan;

/** A device on which each invocation of a workgroup takes `each` of the clock, and measuring 100 ms. */
function bench(
  mode: TuneMode,
  score: (calls: readonly KernelCall[]) => number,
  choices: KernelChoices = {},
  results: (calls: readonly KernelCall[], program: Program) => number[] = () => [1, -8],
) {
  let clock = 0;
  const timed: string[] = [];
  const saved: [string, Kept][] = [];
  const store: ChoiceStore = {
    load: async () => ({ choices, wrong: [] }),
    save: async (adapter, kept) => void saved.push([adapter, structuredClone(kept)]),
  };
  const tuner = new Tuner(profile, {
    mode,
    store,
    now: () => clock,
    time: async (_program, calls) => {
      clock += 100;
      timed.push(calls[0].tunes!);
      return score(calls);
    },
    results: async (program, calls) => Float32Array.from(results(calls, program)),
  });
  return { tuner, timed, saved };
}

const isBlocked = (calls: readonly KernelCall[]): boolean => calls[0].shader.startsWith('matmul/blocked');
const wide = (calls: readonly KernelCall[]): number =>
  isBlocked(calls) && calls[0].constants.ROWS === 8 && calls[0].constants.DEPTH === 8 ? 1 : 2;

describe('the tuner', () => {
  it('measures classes by their share of the arithmetic and keeps the fastest of each', async () => {
    const { tuner, timed, saved } = bench('full', wide);
    const plan = planOf([SMALL, 5], [LARGE, 50], [undefined, 1000], [SMALL, 5]);
    expect(classesOf([plan])).toEqual([
      [LARGE, 50],
      [SMALL, 10],
    ]);
    expect(await tuner.learn([plan])).toBe(true);
    expect(timed[0]).toBe(LARGE);
    expect(timed.at(-1)).toBe(SMALL);
    expect(Object.keys(tuner.choices)).toEqual([LARGE, SMALL]);
    expect(tuner.choices[LARGE]).toContain('8×8');
    expect(saved).toEqual([[adapterKey(profile), { choices: tuner.choices, wrong: [] }]]);
    // What is known is not measured again.
    const before = timed.length;
    expect(await tuner.learn([plan])).toBe(false);
    expect(timed).toHaveLength(before);
  });

  it('stays at the usual kernel where nothing is faster', async () => {
    const { tuner } = bench('full', () => 1);
    await tuner.learn([planOf([LARGE, 1])]);
    expect(tuner.choices).toEqual({ [LARGE]: '' });
  });

  it('stops at two seconds; what it had no time for stays as it is until all is to be measured', async () => {
    const other = 'matmul NT 1 128 128 128';
    const plan = planOf([LARGE, 50], [other, 10], [SMALL, 0.1]);
    const { tuner, timed, saved } = bench('quick', wide);
    expect(await tuner.learn([plan])).toBe(true);
    // Shared by arithmetic, after the usual kernel what was the fastest of the first class.
    expect(timed.filter((key) => key === LARGE)).toHaveLength(17);
    expect(timed.filter((key) => key === other)).toHaveLength(3);
    expect(tuner.choices[LARGE]).toBe('8×8, 8×8, 8');
    expect(tuner.choices[other]).toBe(tuner.choices[LARGE]);
    expect(tuner.choices[SMALL]).toBe('');
    const [, { choices: kept }] = saved.at(-1)!;
    // The same spec has the same kernels again, in this process and in the next.
    expect(await tuner.learn([plan])).toBe(false);
    const next = bench('quick', wide, kept);
    await next.tuner.learn([plan]);
    expect([timed.length, next.timed]).toEqual([20, []]);
    expect(next.tuner.choices).toEqual(tuner.choices);
    const full = bench('full', wide, kept);
    await full.tuner.learn([plan]);
    expect(full.timed).toContain(SMALL);
    expect(full.tuner.choices[SMALL]).not.toBe('');
  });

  it('takes what was kept, and nothing when it is off', async () => {
    const kept = bench('quick', wide, { [LARGE]: '8×8, 8×8, 16' });
    expect(await kept.tuner.learn([planOf([LARGE, 1])])).toBe(true);
    expect(kept.timed).toEqual([]);
    expect(kept.tuner.choices[LARGE]).toBe('8×8, 8×8, 16');
    const off = bench('off', wide, { [LARGE]: '8×8, 8×8, 16' });
    expect(await off.tuner.learn([planOf([LARGE, 1])])).toBe(false);
    expect(off.tuner.choices).toEqual({});
  });

  it('leaves out a variant that the device cannot run', async () => {
    const { tuner } = bench('full', (calls) => {
      if (isBlocked(calls)) throw new Error('no');
      return calls[0].shader === 'matmul/general' ? 1 : 2;
    });
    await tuner.learn([planOf([LARGE, 1])]);
    expect(tuner.choices).toEqual({ [LARGE]: 'registers' });
  });

  it('takes no variant that computes something else than the usual one', async () => {
    const isRegisters = (calls: readonly KernelCall[]): boolean => calls[0].shader === 'matmul/general';
    // Of the fastest the last number is off by a thousandth; of the next one it is another order of summation.
    const speed = (calls: readonly KernelCall[]): number =>
      isBlocked(calls) ? 1 : isRegisters(calls) ? 2 : 3;
    const off = bench('full', speed, {}, (calls) => [
      1,
      isBlocked(calls) ? -8.008 : isRegisters(calls) ? -8.00001 : -8,
    ]);
    await off.tuner.learn([planOf([LARGE, 1])]);
    expect(off.tuner.choices).toEqual({ [LARGE]: 'registers' });
    // It is said which ones those are, kept and known again.
    expect(off.tuner.wrong.length).toBeGreaterThan(0);
    expect(off.tuner.wrong).toContain(`${LARGE}: 8×8, 8×8, 8`);
    expect(off.tuner.wrong).not.toContain(`${LARGE}: registers`);
    expect(off.saved.at(-1)![1].wrong).toEqual(off.tuner.wrong);
    const nothing = bench('full', speed, {}, (calls) => [
      1,
      isBlocked(calls) || isRegisters(calls) ? NaN : -8,
    ]);
    await nothing.tuner.learn([planOf([LARGE, 1])]);
    expect(nothing.tuner.choices).toEqual({ [LARGE]: '' });
  });

  it('looks at a shape that tiles do not divide, too', async () => {
    const shapes = new Set<string>();
    const { tuner } = bench('full', wide, {}, (calls, program) => {
      const shape = program.values.get('y')!.shape.join(' × ');
      shapes.add(shape);
      return [shape === '1020 × 1020' && isBlocked(calls) ? 1.01 : 1];
    });
    await tuner.learn([planOf([LARGE, 1])]);
    expect([...shapes]).toEqual(['1024 × 1024', '1020 × 1020']);
    expect(tuner.choices).toEqual({ [LARGE]: '' });
  });

  it('measures a difference by the largest number', () => {
    expect(shareOff(Float32Array.of(1, -8), Float32Array.of(1, -8))).toBe(0);
    expect(shareOff(Float32Array.of(1, -8), Float32Array.of(3, -8))).toBe(0.25);
    expect(shareOff(Float32Array.of(0, 0), Float32Array.of(0, 1))).toBe(Infinity);
    expect(shareOff(Float32Array.of(1, NaN), Float32Array.of(1, 2))).toBeNaN();
    expect(shareOff(Float32Array.of(1, 2), Float32Array.of(1))).toBeNaN();
  });
});

describe('the file of choices', () => {
  it('keeps them by adapter, and takes a damaged one for empty', async () => {
    let text: string | null = null;
    const file = choiceFile(
      async () => text,
      async (next) => void (text = next),
    );
    expect(await file.load('a')).toBeNull();
    await file.save('a', { choices: { x: '1' }, wrong: [] });
    await file.save('b', { choices: { y: '2' }, wrong: ['y: 3'] });
    expect(await file.load('a')).toEqual({ choices: { x: '1' }, wrong: [] });
    expect(await file.load('b')).toEqual({ choices: { y: '2' }, wrong: ['y: 3'] });
    expect(JSON.parse(text!)).toEqual({
      version: 1,
      adapters: { a: { x: '1' }, b: { y: '2' } },
      wrong: { b: ['y: 3'] },
    });
    // From before wrong ones were kept.
    text = '{"version": 1, "adapters": {"a": {"x": "1"}}}';
    expect(await file.load('a')).toEqual({ choices: { x: '1' }, wrong: [] });
    text = '{"version": 1, "adapters": 3}';
    expect(await file.load('a')).toBeNull();
  });
});
