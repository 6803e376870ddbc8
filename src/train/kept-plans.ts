/**
 * Plans that were compiled and may be wanted again: what is forecast is compiled once more to be timed and once more
 * when it starts, and of a comparison of which one method is changed the others stay as they were.
 */
import type { MethodOptions } from '../deltas/registry.ts';
import { elementCount } from '../graph/tensor.ts';
import type { CompiledRun, CompileRequest } from './compile.ts';

/** Runs kept at most. */
const MOST_RUNS = 12;
/** Bytes that a run to be kept may hold beside the model's own: initial values, copies of weights, constants. */
const MOST_BYTES = 8 * 2 ** 20;

interface Kept {
  requests: readonly CompileRequest[];
  key: string;
  compiled: CompiledRun;
}

export class KeptPlans {
  /** Those used last stand last. */
  #kept: Kept[] = [];

  /** @throws whatever `compile` throws, which is not kept */
  get(
    requests: readonly CompileRequest[],
    compile: (requests: readonly CompileRequest[]) => CompiledRun,
  ): CompiledRun {
    if (requests.some(({ method }) => [method].flat().some(readsMore))) return compile(requests);
    const key = JSON.stringify(requests.map((one) => ({ ...one, model: undefined, adapter: undefined })));
    const known = this.#kept.find((one) => one.key === key && sameParts(one.requests, requests));
    const compiled = known?.compiled ?? compile(requests);
    this.#kept = this.#kept.filter((one) => one !== known);
    if (bytesOf(compiled) <= MOST_BYTES) this.#kept.push({ requests, key, compiled });
    if (this.#kept.length > MOST_RUNS) this.#kept.shift();
    return compiled;
  }
}

/** A fusion is built of adapters that are opened apart from what is asked for. */
const readsMore = ({ type }: MethodOptions): boolean => type === 'fusion';

/** What has no words for a key: the model and what is known of the adapter are the very same. */
function sameParts(a: readonly CompileRequest[], b: readonly CompileRequest[]): boolean {
  return a.every((one, i) => one.model === b[i].model && one.adapter === b[i].adapter);
}

/** By shapes alone: some values are made when they are first looked at. Trained tensors are among the initializers. */
function bytesOf({ branches, training, evaluation }: CompiledRun): number {
  const constants = [...training.values(), ...evaluation.values()].flatMap((shape) => [
    ...shape.constants.values(),
  ]);
  const own = branches.flatMap(({ model, delta }) =>
    [...delta.graph.initializers].filter(([name, one]) => model.graph.initializers.get(name) !== one),
  );
  return (
    own.reduce((sum, [, { dims }]) => sum + 4 * elementCount(dims), 0) +
    [...new Set(constants)].reduce((sum, { byteLength }) => sum + byteLength, 0)
  );
}
