/**
 * Chooses variants of kernels by measuring them on the device at hand, for the classes of shapes that plans have, those
 * that take most arithmetic first, within a budget of time. A variant is taken only after it computed what the usual one
 * does: a driver may be wrong where it is fast. What was found is kept for the adapter, and so is what there was no time
 * for: a class has one variant from its first run on, so that the same spec gives the same losses until somebody asks for
 * all to be measured.
 */
import type { Program } from '../graph/program.ts';
import type { AdapterProfile, KernelCall } from '../plan/kernel-call.ts';
import { classOf, type KernelChoices } from '../plan/kernel-choices.ts';
import { variantsOf } from '../plan/lower/variants.ts';
import type { Plan } from '../plan/plan.ts';
import { callsOf } from './representative.ts';

export const TUNE_MODES = ['off', 'quick', 'full'] as const;
/** `quick` within two seconds of a run's beginning and never again for the classes it met, `full` until everything is measured. */
export type TuneMode = (typeof TUNE_MODES)[number];

const BUDGET: Record<TuneMode, number> = { off: 0, quick: 2000, full: Infinity };

/** Stands before a variant of which not all others were measured: of use now, and measured again by `full`. */
const UNFINISHED = '~';

/** What was found on one adapter. */
export interface Kept {
  choices: KernelChoices;
  /** Variants that were faster and computed something else than the usual one, as `CLASS: VARIANT`. */
  wrong: readonly string[];
}

/** Keeps what was found, by the adapter's name. */
export interface ChoiceStore {
  load: (adapter: string) => Promise<Kept | null>;
  save: (adapter: string, kept: Kept) => Promise<void>;
}

export interface TunerOptions {
  mode: TuneMode;
  store: ChoiceStore;
  /** Milliseconds that the calls take. Rejects where the device cannot run them. */
  time: (program: Program, calls: readonly KernelCall[]) => Promise<number>;
  /** What the calls make of values that are the same for all calls of a class (`resultsOf`). */
  results: (program: Program, calls: readonly KernelCall[]) => Promise<Float32Array>;
  /** Milliseconds now. */
  now?: () => number;
}

/**
 * The largest difference of two results as a share of the largest number of the first; not a number where one holds
 * what is not finite.
 */
export function shareOff(usual: Float32Array, other: Float32Array): number {
  let [largest, most] = [0, 0];
  for (let i = 0; i < usual.length; i++) {
    largest = Math.max(largest, Math.abs(usual[i]));
    most = Math.max(most, Math.abs(usual[i] - other[i]));
  }
  return most === 0 ? 0 : most / largest;
}

/** How far two orders of summation may lie apart. Sums of some thousands of terms differ by 1e-6, wrong ones by far more. */
const AGREES = 1e-4;

/** What names an adapter and its driver, as far as it tells. */
export const adapterKey = ({ vendor, architecture, description }: AdapterProfile): string =>
  [vendor, architecture, description].join(' | ');

/** Learns which variants are fastest on one adapter; `choices` goes into its profile. */
export class Tuner {
  private readonly profile: AdapterProfile;
  private readonly options: Required<TunerOptions>;
  private known: Record<string, string> | undefined;
  private readonly leftOut = new Set<string>();

  constructor(profile: AdapterProfile, options: TunerOptions) {
    this.profile = profile;
    this.options = { now: () => performance.now(), ...options };
  }

  /** What was found so far. */
  get choices(): KernelChoices {
    const found = Object.entries(this.known ?? {});
    return Object.fromEntries(found.map(([key, name]) => [key, name.replace(UNFINISHED, '')]));
  }

  /** Variants that were left out because they computed something else, so far: see `Kept`. */
  get wrong(): readonly string[] {
    return [...this.leftOut];
  }

  /**
   * Measures what of the plans' classes is not known yet. A budget is shared by their arithmetic; beyond it a class keeps
   * what was the fastest so far, its usual variant at first.
   * @returns whether a choice is another than before, or one more is known to be wrong
   */
  async learn(plans: readonly Plan[]): Promise<boolean> {
    const { mode, store, now } = this.options;
    if (mode === 'off') return false;
    const before = JSON.stringify([this.choices, this.wrong]);
    if (this.known === undefined) {
      const kept = await store.load(adapterKey(this.profile));
      this.known = { ...kept?.choices };
      for (const variant of kept?.wrong ?? []) this.leftOut.add(variant);
    }
    const end = now() + BUDGET[mode];
    const unknown = classesOf(plans).filter(([key]) => {
      const kept = this.known?.[key];
      return kept === undefined || (mode === 'full' && kept.startsWith(UNFINISHED));
    });
    let rest = unknown.reduce((total, [, flops]) => total + flops, 0);
    for (const [key, flops] of unknown) {
      const until = mode === 'full' ? Infinity : now() + ((end - now()) * flops) / rest;
      const { name, whole } = now() < end ? await this.measure(key, until) : { name: '', whole: false };
      this.known[key] = whole ? name : UNFINISHED + name;
      rest -= flops;
    }
    if (unknown.length > 0)
      await store.save(adapterKey(this.profile), { choices: this.known, wrong: this.wrong });
    return JSON.stringify([this.choices, this.wrong]) !== before;
  }

  /**
   * The fastest variant of a class that computes what the usual one does; `whole` when all were measured. After the usual
   * one come those that are the fastest of other classes.
   */
  private async measure(key: string, until: number): Promise<{ name: string; whole: boolean }> {
    const { time, now } = this.options;
    const usual = callsOf(key, undefined, this.profile);
    const right = new Map<boolean, Float32Array>();
    let best = { name: '', taken: await time(usual.program, usual.calls) };
    let whole = true;
    const seen = new Set([JSON.stringify(usual.calls)]);
    const chosen = new Set(Object.values(this.choices));
    const names = variantsOf(classOf(key), this.profile);
    const inOrder = [
      ...names.filter((name) => chosen.has(name)),
      ...names.filter((name) => !chosen.has(name)),
    ];
    for (const name of inOrder) {
      if (now() >= until) {
        whole = false;
        break;
      }
      const { program, calls } = callsOf(key, name, this.profile);
      // Splits and tiles that come to the same.
      const same = JSON.stringify(calls);
      if (seen.has(same)) continue;
      seen.add(same);
      try {
        const taken = await time(program, calls);
        if (taken >= best.taken) continue;
        if (await this.isRight(key, name, right)) best = { name, taken };
        else this.leftOut.add(`${key}: ${name}`);
      } catch {
        // A driver that refuses a variant has the others.
      }
    }
    return { name: best.name, whole };
  }

  /**
   * Whether a variant computes what the usual one does, of a shape that its tiles divide and of one that they do not.
   * @param right results of the usual one by `short`, which are computed once for a class
   */
  private async isRight(key: string, variant: string, right: Map<boolean, Float32Array>): Promise<boolean> {
    const resultsOf = async (name: string | undefined, short: boolean): Promise<Float32Array> => {
      const { program, calls } = callsOf(key, name, this.profile, { short });
      return this.options.results(program, calls);
    };
    for (const short of [false, true]) {
      const usual = right.get(short) ?? (await resultsOf(undefined, short));
      right.set(short, usual);
      if (!(shareOff(usual, await resultsOf(variant, short)) <= AGREES)) return false;
    }
    return true;
  }
}

/** Classes of the plans' dispatches with the arithmetic that they have in all, those with most first. */
export function classesOf(plans: readonly Plan[]): [key: string, flops: number][] {
  const flops = new Map<string, number>();
  for (const { compute, update } of plans)
    for (const { tunes, flops: one } of [...compute, ...update])
      if (tunes !== undefined) flops.set(tunes, (flops.get(tunes) ?? 0) + one);
  return [...flops].sort(([, a], [, b]) => b - a);
}
