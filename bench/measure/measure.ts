/** All that is measured of one GPU, and how it reads. */
import type { GpuStudio } from '../../src/gpu/studio.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { timeAttention, type AttentionCase, type AttentionResult } from '../attention.ts';
import { timeMatmul, type MatmulCase, type MatmulResult } from '../matmul.ts';
import { table } from '../table.ts';
import { peakRates, type PeakRates } from './rates.ts';
import { timeSteps, type StepRequest, type StepRow, type StepShape } from './steps.ts';

export interface Measurement {
  adapter: Pick<
    AdapterProfile,
    'vendor' | 'architecture' | 'description' | 'software' | 'subgroups' | 'f16' | 'limits'
  >;
  date: string;
  peak: PeakRates;
  matmul: (MatmulResult & { ofPeak: number })[];
  attention: (AttentionResult & { ofPeak: number })[];
  steps: StepRow[];
}

const METHODS: readonly StepRequest[] = [
  { method: 'full' },
  { method: 'full', recompute: 'layers' },
  { method: 'lora' },
  { method: 'prompt' },
  { method: 'head' },
];

/** Sizes that take about a minute: of a real GPU, of one in software, and of a short look at either. */
function casesFor(
  software: boolean,
  quick: boolean,
): { matmul: MatmulCase[]; attention: AttentionCase[]; steps: StepShape[] } {
  const square = (n: number): MatmulCase[] =>
    (['NN', 'NT', 'TN'] as const).map((form) => ({ form, m: n, n, k: n }));
  const heads = { dim: 64, dropout: 0 };
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

export const PARTS = ['matmul', 'attention', 'steps'] as const;
export type Part = (typeof PARTS)[number];

/**
 * @param parts beside the peaks
 * @param tell is told what is being measured
 */
export async function measure(
  studio: GpuStudio,
  { quick, parts }: { quick: boolean; parts: readonly Part[] },
  tell: (what: string) => void,
): Promise<Measurement> {
  const { vendor, architecture, description, software, subgroups, f16, limits } = studio.profile;
  const cases = casesFor(software, quick);
  const only = <Case>(part: Part, all: readonly Case[]): readonly Case[] => (parts.includes(part) ? all : []);
  tell('peak of multiply-adds, memory');
  const peak = await peakRates(studio);
  const ofPeak = ({ gflops }: { gflops: number }): number => gflops / peak.gflops;
  const result: Measurement = {
    adapter: { vendor, architecture, description, software, subgroups, f16, limits },
    date: new Date().toISOString(),
    peak,
    matmul: [],
    attention: [],
    steps: [],
  };
  for (const one of only('matmul', cases.matmul)) {
    tell(`matmul ${one.form} ${one.m} × ${one.n} × ${one.k}`);
    const row = await timeMatmul(studio, one);
    result.matmul.push({ ...row, ofPeak: ofPeak(row) });
  }
  for (const one of only('attention', cases.attention)) {
    tell(`attention ${one.batch} × ${one.heads} × ${one.tokens} × ${one.dim}`);
    for (const row of await timeAttention(studio, one))
      result.attention.push({ ...row, ofPeak: ofPeak(row) });
  }
  for (const shape of only('steps', cases.steps)) {
    tell(
      `training steps, width ${shape.hidden}, ${shape.layers} layers, ${shape.batchSize} × ${shape.length}`,
    );
    result.steps.push(
      ...(await timeSteps(studio, shape, METHODS, { peak: peak.gflops, seconds: quick ? 2 : 10 })),
    );
  }
  return result;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The tables of a measurement. */
export function measurementText({ adapter, peak, matmul, attention, steps }: Measurement): string {
  return [
    `${adapter.description || adapter.vendor}: ${peak.gflops.toFixed(1)} GFLOP/s of multiply-adds, ${peak.gigabytesPerSecond.toFixed(1)} GB/s`,
    table(
      ['matmul', 'ms', 'GFLOP/s', 'of peak', 'kernel'],
      matmul.map(({ form, m, n, k, milliseconds, gflops, ofPeak, kernel }) => [
        `${form} ${m} × ${n} × ${k}`,
        milliseconds.toFixed(3),
        gflops.toFixed(1),
        percent(ofPeak),
        kernel,
      ]),
    ),
    table(
      ['attention', 'ms', 'GFLOP/s', 'of peak', 'kernel'],
      attention.map(({ batch, heads, tokens, dim, milliseconds, gflops, ofPeak, kernel }) => [
        `${batch} × ${heads} × ${tokens} × ${dim}`,
        milliseconds.toFixed(3),
        gflops.toFixed(1),
        percent(ofPeak),
        kernel,
      ]),
    ),
    table(
      ['training step', 'ms', 'tok/s', 'GFLOP/s', 'utilisation', 'dispatches', 'MiB', 'forecast'],
      steps.map((row) => [
        `h${row.hidden} × ${row.layers}, ${row.batchSize} × ${row.length} ${row.method}${row.recompute ? `, ${row.recompute}` : ''}`,
        row.milliseconds.toFixed(2),
        row.tokensPerSecond.toFixed(0),
        row.gflops.toFixed(1),
        percent(row.utilisation),
        `${row.dispatches}`,
        row.mebibytes.toFixed(1),
        row.forecastExact ? 'exact' : 'WRONG',
      ]),
    ),
  ].join('\n\n');
}
