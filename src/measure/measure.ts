/** All that is measured of what the studio runs on. */
import { StudioError } from '../errors.ts';
import type { TimingOptions } from '../gpu/time-calls.ts';
import type { AdapterProfile } from '../plan/kernel-call.ts';
import type { Studio } from '../plan/studio.ts';
import type { Sentence } from '../sentence.ts';
import { timeAttention, type AttentionCase, type AttentionResult } from './attention.ts';
import { isForwardMeasured, timeForward, type ForwardRefused, type ForwardRow } from './forward.ts';
import type { OtherEngine } from './passes.ts';
import { timeMatmul, type MatmulCase, type MatmulResult } from './matmul.ts';
import { peakRates, type PeakRates } from './rates.ts';
import { stepModel, timeStep, type StepRequest, type StepRow, type StepShape } from './steps.ts';
import { timerOf } from './timer.ts';

export interface Measurement {
  adapter: Pick<
    AdapterProfile,
    'kind' | 'vendor' | 'architecture' | 'description' | 'software' | 'subgroups' | 'f16' | 'limits' | 'wrong'
  >;
  date: string;
  peak: PeakRates;
  matmul: (MatmulResult & { ofPeak: number })[];
  attention: (AttentionResult & { ofPeak: number })[];
  steps: StepRow[];
  /** Methods that the device could not train at a size, and why. */
  refused: (StepShape & StepRequest & { why: Sentence })[];
  /** Forward passes beside onnxruntime-web's, where there is WebGPU to compare on and what to load it with. */
  forward: ForwardRow[];
  /** Those that the other engine did not run, and why. */
  forwardRefused: ForwardRefused[];
}

const METHODS: readonly StepRequest[] = [
  { method: 'full' },
  { method: 'full', recompute: 'layers' },
  { method: 'lora' },
  { method: 'prompt' },
  { method: 'head' },
];

interface Cases {
  matmul: readonly MatmulCase[];
  attention: readonly AttentionCase[];
  steps: readonly StepShape[];
}

/** Sizes that take about a minute: of a real GPU, of the processor, of a GPU in software, and of a short look at any. */
function casesFor({ kind, software }: AdapterProfile, quick: boolean): Cases {
  const square = (n: number): MatmulCase[] =>
    (['NN', 'NT', 'TN'] as const).map((form) => ({ form, m: n, n, k: n }));
  const heads = { dim: 64, dropout: 0 };
  if (kind === 'wasm' && !quick)
    return {
      matmul: [256, 512].flatMap(square),
      attention: [{ batch: 8, tokens: 128, heads: 4, ...heads }],
      steps: [{ hidden: 128, layers: 4, batchSize: 16, length: 64 }],
    };
  if (quick || software)
    return {
      matmul: square(quick ? 128 : 256),
      attention: [{ batch: 4, tokens: 64, heads: 4, ...heads }],
      steps: [{ hidden: quick ? 64 : 128, layers: 2, batchSize: 4, length: 32 }],
    };
  return {
    matmul: [
      ...[512, 1024, 2048].flatMap(square),
      { form: 'NN', m: 1024, n: 3072, k: 768 },
      { form: 'NT', m: 1024, n: 768, k: 3072 },
      { form: 'TN', m: 768, n: 3072, k: 1024 },
      { form: 'NT', m: 1024, n: 8, k: 768 },
      { form: 'TN', m: 8, n: 768, k: 1024 },
    ],
    attention: [
      { batch: 8, tokens: 128, heads: 12, ...heads },
      { batch: 8, tokens: 512, heads: 12, ...heads },
    ],
    steps: [
      { hidden: 256, layers: 4, batchSize: 16, length: 64 },
      { hidden: 768, layers: 12, batchSize: 8, length: 128 },
    ],
  };
}

export const PARTS = ['matmul', 'attention', 'steps', 'forward'] as const;
export type Part = (typeof PARTS)[number];

/** What is being measured: the `at`-th of so many, from 1. */
export interface MeasureProgress {
  part: 'peak' | Part;
  at: number;
  of: number;
}

export interface MeasureOptions {
  quick?: boolean;
  /** Beside the peaks; all by default. */
  parts?: readonly Part[];
  timing?: TimingOptions;
  /** onnxruntime-web with its WebGPU back end; without it nothing is measured beside. */
  other?: OtherEngine;
  /** Told before each measurement; what it returns says whether to go on. */
  tell: (progress: MeasureProgress) => boolean;
}

/** @returns null when it was told not to go on */
export async function measure(
  studio: Studio,
  { quick = false, parts = PARTS, timing, other, tell }: MeasureOptions,
): Promise<Measurement | null> {
  const { kind, vendor, architecture, description, software, subgroups, f16, limits, wrong } = studio.profile;
  const cases = casesFor(studio.profile, quick);
  const only = <Case>(part: Part, all: readonly Case[]): readonly Case[] => (parts.includes(part) ? all : []);
  const time = timerOf(studio, timing);
  if (!tell({ part: 'peak', at: 1, of: 1 })) return null;
  const peak = await peakRates(time, studio.profile);
  const ofPeak = ({ gflops }: { gflops: number }): number => gflops / peak.gflops;
  const result: Measurement = {
    adapter: { kind, vendor, architecture, description, software, subgroups, f16, limits, wrong },
    date: new Date().toISOString(),
    peak,
    matmul: [],
    attention: [],
    steps: [],
    refused: [],
    forward: [],
    forwardRefused: [],
  };
  const products = only('matmul', cases.matmul);
  for (const [i, one] of products.entries()) {
    if (!tell({ part: 'matmul', at: i + 1, of: products.length })) return null;
    const row = await timeMatmul(time, studio.profile, one);
    result.matmul.push({ ...row, ofPeak: ofPeak(row) });
  }
  const attention = only('attention', cases.attention);
  for (const [i, one] of attention.entries()) {
    if (!tell({ part: 'attention', at: i + 1, of: attention.length })) return null;
    for (const row of await timeAttention(time, studio.profile, one))
      result.attention.push({ ...row, ofPeak: ofPeak(row) });
  }
  const shapes = only('steps', cases.steps);
  let step = 0;
  for (const shape of shapes) {
    const model = stepModel(shape);
    for (const request of METHODS) {
      if (!tell({ part: 'steps', at: ++step, of: shapes.length * METHODS.length })) return null;
      try {
        const options = { peak: peak.gflops, seconds: quick ? 1 : 5 };
        result.steps.push(await timeStep(studio, model, shape, request, options));
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
        result.refused.push({ ...shape, ...request, why: error.sentence });
      }
    }
  }
  const passes = kind === 'webgpu' && other ? only('forward', cases.steps).filter(isForwardMeasured) : [];
  for (const [i, shape] of passes.entries()) {
    if (!tell({ part: 'forward', at: i + 1, of: passes.length })) return null;
    const row = await timeForward(studio, shape, { other: other!, seconds: quick ? 1 : 3 });
    if ('why' in row) result.forwardRefused.push(row);
    else result.forward.push(row);
  }
  return result;
}
