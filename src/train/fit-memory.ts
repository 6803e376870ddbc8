/** `training.fitMemory`: the least recomputation with which a run takes no more memory than it may. */
import { StudioError } from '../errors.ts';
import { RECOMPUTE_MODES, type RecomputeMode } from '../plan/recompute-modes.ts';
import { field, say } from '../sentence.ts';

/** What was chosen so that a run fits, and what it costs. */
export interface Fitted {
  recompute: RecomputeMode;
  /** Arithmetic of a step, over that of one that keeps everything. */
  arithmetic: number;
}

/** What is asked of a request and of what it is compiled to. */
interface Request {
  fitMemory?: number;
  recompute?: RecomputeMode;
}
interface Compiled {
  memory: { total: number };
  training: ReadonlyMap<unknown, { plan: { compute: readonly { flops: number }[] } }>;
  fitted?: Fitted;
}

const work = ({ training }: Pick<Compiled, 'training'>): number =>
  [...training.values()].reduce(
    (sum, { plan }) => sum + plan.compute.reduce((flops, dispatch) => flops + dispatch.flops, 0),
    0,
  );

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/**
 * Compiles with as little made anew as the memory allows. Losses are the same bit for bit whatever is chosen, which
 * smaller micro-batches would not leave so: those are for the person to choose.
 * @param requests all with the same `fitMemory`; one with `recompute` has that and no other
 * @throws StudioError('device') when even the most recomputation takes more
 */
export function fitMemory<Asked extends Request, Run extends Compiled>(
  requests: readonly Asked[],
  compile: (requests: readonly Asked[]) => Run,
): Run {
  const [{ fitMemory: most, recompute }] = requests;
  if (most === undefined) return compile(requests);
  const by = (mode: RecomputeMode): Run =>
    compile(requests.map((request) => ({ ...request, recompute: mode })));
  const none = by('none');
  let least = Infinity;
  for (const mode of recompute === undefined ? RECOMPUTE_MODES : [recompute]) {
    const compiled = mode === 'none' ? none : by(mode);
    if (compiled.memory.total <= most)
      return { ...compiled, fitted: { recompute: mode, arithmetic: work(compiled) / work(none) } };
    least = Math.min(least, compiled.memory.total);
  }
  throw new StudioError(
    'device',
    say`${field('training.fitMemory')}: at most ${mebibytes(most)} MiB are allowed and this takes ${mebibytes(least)} MiB with all made anew that may be; allow more, choose "f16-base" for ${field('training.precision')}, or a smaller ${field('training.batchSize')} with more ${field('training.gradientAccumulation')}, which trains on the same mean but not to the same last digits.`,
    { where: 'training.fitMemory' },
  );
}
