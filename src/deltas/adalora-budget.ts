/** AdaLoRA's budget over steps, and which triplets it keeps: PEFT's `RankAllocator`. */
import type { TensorEvent } from './rules.ts';

/** Tensors and states of one matrix, by name. */
export interface Triplets {
  a: string;
  b: string;
  e: string;
  /** Importance of each triplet, after the latest update. */
  score: string;
  /** The importances that the last allocation goes by: those of the step before it. */
  last: string;
  /** One where the last allocation pruned. */
  pruned: string;
}

/** Ranks at the start and in the end, and the steps before, between and after allocations. */
interface Phases {
  initialRank: number;
  rank: number;
  warmupSteps: number;
  finalSteps: number;
  interval: number;
}

/**
 * @param list of all matrices
 * @param steps of the run
 */
export function budgetEvents(list: readonly Triplets[], options: Phases, steps: number): TensorEvent[] {
  const { warmupSteps, finalSteps, interval } = options;
  const end = steps - finalSteps;
  const allocate = (
    step: number,
    values: ReadonlyMap<string, Float32Array>,
    by: 'score' | 'last',
  ): Set<string> =>
    losers(
      list.map((own) => values.get(own[by])!),
      triplets(list.length, options, step, end),
    );
  const zeroed = (values: ReadonlyMap<string, Float32Array>, gone: ReadonlySet<string>) =>
    list.map(({ e }, i): [string, Float32Array] => [
      e,
      values.get(e)!.map((value, r) => (gone.has(`${i}:${r}`) ? 0 : value)),
    ]);
  return [
    {
      first: (Math.floor(warmupSteps / interval) + 1) * interval,
      every: interval,
      last: end - 1,
      reads: list.flatMap(({ e, score }) => [e, score]),
      apply: (step, values) => new Map(zeroed(values, allocate(step, values, 'score'))),
    },
    {
      first: end - 1,
      every: 1,
      last: end - 1,
      reads: list.map(({ score }) => score),
      apply: (_step, values) => new Map(list.map(({ score, last }) => [last, values.get(score)!])),
    },
    {
      first: end,
      every: 1,
      last: end,
      reads: list.flatMap(({ e, last, pruned }) => [e, last, pruned]),
      apply: (step, values) => {
        const gone = allocate(step, values, 'last');
        const marks = list.map(({ pruned }, i): [string, Float32Array] => [
          pruned,
          values.get(pruned)!.map((_, r) => (gone.has(`${i}:${r}`) ? 1 : 0)),
        ]);
        return new Map([...zeroed(values, gone), ...marks]);
      },
      // What was best before had more than the budget.
      forgetsBest: true,
    },
  ];
}

/** How many triplets of all the matrices are kept at a step. */
function triplets(
  matrices: number,
  { initialRank, rank, warmupSteps }: Phases,
  step: number,
  end: number,
): number {
  const [from, to] = [initialRank * matrices, rank * matrices];
  if (step <= warmupSteps) return from;
  const left = 1 - (step - warmupSteps) / (end - warmupSteps);
  return Math.trunc((from - to) * left ** 3 + to);
}

/** `matrix:triplet` of those up to the threshold, ties included. */
function losers(scores: readonly Float32Array[], kept: number): Set<string> {
  const all = scores.flatMap((list) => [...list]).sort((one, other) => one - other);
  const threshold = all[all.length - kept - 1];
  const gone = new Set<string>();
  if (threshold === undefined) return gone;
  for (const [i, list] of scores.entries())
    for (const [r, score] of list.entries()) if (score <= threshold) gone.add(`${i}:${r}`);
  return gone;
}
