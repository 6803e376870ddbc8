/** What the processor's bench leaves behind, and the tables of it. */
import type { MatmulCase } from '../src/measure/matmul.ts';
import type { ProcessorMethod } from '../src/measure/methods.ts';
import { methodCostAims, methodCostTable } from './method-costs.ts';
import type { Spent, StackCase } from './peers/cases.ts';
import type { MethodCostRow } from './peers/methods.ts';
import { mebibytes, table } from './table.ts';

/** Engines beside ours, in the order of the tables. */
export const ENGINES = [
  'PyTorch',
  'lavapipe',
  'SwiftShader',
  'TF.js wasm',
  'TF.js WebGPU',
  'ORT web',
] as const;
export type EngineName = (typeof ENGINES)[number];

/** GFLOP/s by processor time. */
export interface ProductRow extends MatmulCase {
  name: string;
  hidden: number;
  kernel: string;
  ours: number;
  /** Of a loop of multiply-adds in registers. */
  share: number;
  peers: Partial<Record<'PyTorch' | 'TF.js wasm' | 'jax-js wasm', number>>;
}

/** Medians over rounds in which every engine had its turn. */
export interface EngineRow {
  milliseconds: Spent;
  /** Theirs divided by ours, in the same rounds. */
  ratio: Spent;
  rounds: number;
}

export interface StepRow {
  stack: StackCase;
  /** `forward`: no training, logits alone. */
  method: ProcessorMethod | 'forward';
  ours: Spent;
  /** Ours: compiling, memory and uploads, and the first step. In ms. */
  first: { compile: number; prepare: number; step: Spent } | null;
  peers: Partial<Record<EngineName, EngineRow>>;
}

export interface MemoryRow {
  stack: StackCase;
  method: ProcessorMethod;
  planBytes: number;
  exact: boolean;
  /** What WebAssembly's memory has grown to. */
  wasmBytes: number;
  /** How much more the process has resident after three steps than with the model alone. */
  residentBytes: number;
}

export interface ThreadRow {
  stack: StackCase;
  method: ProcessorMethod;
  threads: number;
  /** Shortest of the rounds. */
  milliseconds: Spent;
}

export interface ProcessorResults {
  machine: { cpus: string; cores: number };
  versions: Record<string, string>;
  /** GFLOP/s of multiply-adds in registers. */
  peak: number;
  relaxed: boolean;
  products: ProductRow[];
  steps: StepRow[];
  memory: MemoryRow[];
  threads: ThreadRow[];
  /** Every method beside full fine-tuning. */
  methods: MethodCostRow[];
  measured: Record<string, { date: string; loadBefore: number; loadAfter: number }>;
}

export const named = ({ hidden, layers, batchSize, length }: StackCase): string =>
  `h${hidden} ×${layers}, ${batchSize}×${length}`;

function productTable({ products, peak }: ProcessorResults): string {
  return table(
    [
      'GFLOP/s of a core',
      '',
      'M×N×K',
      'ours',
      `of ${peak.toFixed(0)}`,
      'PyTorch',
      'TF.js wasm',
      'jax-js wasm',
    ],
    products.map(({ name, hidden, form, m, n, k, ours, share, peers }) => [
      `h${hidden} ${name}`,
      form,
      `${m}×${n}×${k}`,
      ours.toFixed(1),
      `${(100 * share).toFixed(0)} %`,
      ...(['PyTorch', 'TF.js wasm', 'jax-js wasm'] as const).map((peer) => peers[peer]?.toFixed(1) ?? ''),
    ]),
  );
}

/** Processor time: what other work on the machine does not change. */
function stepTable({ steps }: ProcessorResults): string {
  return table(
    ['processor time', 'ours, ms', ...ENGINES.map((engine) => `${engine}, ms (÷ ours)`)],
    steps.map(({ stack, method, ours, peers }) => [
      `${named(stack)} ${method}`,
      ours.cpu.toFixed(1),
      ...ENGINES.map((engine) => {
        const peer = peers[engine];
        return peer ? `${peer.milliseconds.cpu.toFixed(1)} (${peer.ratio.cpu.toFixed(2)})` : '';
      }),
    ]),
  );
}

function firstTable({ steps }: ProcessorResults): string {
  return table(
    ['until the first loss, ms', 'compile', 'memory', 'first step: clock · processor', 'later steps'],
    steps.flatMap(({ stack, method, first, ours }) =>
      first
        ? [
            [
              `${named(stack)} ${method}`,
              first.compile.toFixed(0),
              first.prepare.toFixed(0),
              `${first.step.wall.toFixed(0)} · ${first.step.cpu.toFixed(0)}`,
              `${ours.wall.toFixed(0)} · ${ours.cpu.toFixed(0)}`,
            ],
          ]
        : [],
    ),
  );
}

function memoryTable({ memory }: ProcessorResults): string {
  return table(
    ['MiB', 'plan', 'forecast', "WebAssembly's memory", 'beyond the plan', 'resident, beyond the model'],
    memory.map(({ stack, method, planBytes, exact, wasmBytes, residentBytes }) => [
      `${named(stack)} ${method}`,
      mebibytes(planBytes),
      exact ? 'exact' : 'OFF',
      mebibytes(wasmBytes),
      mebibytes(wasmBytes - planBytes),
      mebibytes(residentBytes),
    ]),
  );
}

function threadTable({ threads }: ProcessorResults): string {
  return table(
    ['threads', 'step, ms: clock · processor'],
    threads.map((row) => [
      `${named(row.stack)} ${row.method}, ${row.threads}`,
      `${row.milliseconds.wall.toFixed(1)} · ${row.milliseconds.cpu.toFixed(1)}`,
    ]),
  );
}

function missed(rows: readonly MethodCostRow[]): string {
  const aims = methodCostAims(rows, 'cpu');
  const over = aims.filter(({ met }) => !met).map(({ aim, measured }) => `${aim}: ${measured}`);
  return [`aims of methods: ${aims.length - over.length} of ${aims.length} met`, ...over].join('\n');
}

export function processorReport(results: ProcessorResults): string {
  const load = Object.entries(results.measured)
    .map(([section, facts]) => `${section} ${facts.loadBefore.toFixed(1)}–${facts.loadAfter.toFixed(1)}`)
    .join(', ');
  const head = `${results.machine.cores} cores ${results.machine.cpus}, ${results.relaxed ? 'relaxed SIMD' : 'SIMD'}, load ${load}`;
  return [
    head,
    results.products.length > 0 && productTable(results),
    results.steps.length > 0 && stepTable(results),
    results.steps.length > 0 && firstTable(results),
    results.memory.length > 0 && memoryTable(results),
    results.threads.length > 0 && threadTable(results),
    results.methods.length > 0 && methodCostTable(results.methods, 'cpu'),
    results.methods.length > 0 && missed(results.methods),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}
