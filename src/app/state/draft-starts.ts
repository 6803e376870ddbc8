/** Saved adapters that a method's card reads: what it starts from, and what it is built of. */
import { SOURCE_WEIGHTS, type SourceWeights } from '../../runs/prompt-transfer.ts';
import type { MethodType } from '../../deltas/defaults.ts';

export interface DraftStarts {
  /** Name of a saved adapter that it starts from; of "prompt" there may be several. */
  init?: string | readonly string[];
  /** How several count. */
  initWeights?: SourceWeights;
  /** A prompt of this task that several are held against. */
  initLike?: string;
  /** Of "ipt": prompts that its decoder is trained on. */
  prompts?: readonly string[];
  /** Of "fusion": trained adapters. */
  adapters?: readonly string[];
}

export type StartPlace = 'init' | 'initLike' | 'prompts' | 'adapters';

/** Does the method take several folders there? */
export const takesSeveral = (type: MethodType, place: StartPlace): boolean =>
  place === 'prompts' || place === 'adapters' || (place === 'init' && type === 'prompt');

/** Names of what stands there. */
export function startNames(draft: DraftStarts, place: StartPlace): string[] {
  return [draft[place] ?? []].flat();
}

/** The draft with one more, or another where there is one place. */
export function withStart<Draft extends DraftStarts & { type: MethodType }>(
  draft: Draft,
  place: StartPlace,
  name: string,
): Draft {
  const known = takesSeveral(draft.type, place) ? startNames(draft, place) : [];
  return placed(draft, place, [...known.filter((one) => one !== name), name]);
}

export function withoutStart<Draft extends DraftStarts>(
  draft: Draft,
  place: StartPlace,
  name: string,
): Draft {
  return placed(
    draft,
    place,
    startNames(draft, place).filter((one) => one !== name),
  );
}

/** One start is its name, and what counts of several goes with them. */
function placed<Draft extends DraftStarts>(draft: Draft, place: StartPlace, names: readonly string[]): Draft {
  const { [place]: _, ...rest } = draft as DraftStarts;
  const listed = place === 'prompts' || place === 'adapters';
  const one = listed ? names : names.length === 1 ? names[0] : names;
  const next: DraftStarts = names.length === 0 ? rest : { ...rest, [place]: one };
  if (place === 'init' && names.length < 2) {
    delete next.initWeights;
    delete next.initLike;
  }
  return next as Draft;
}

/** The fields of the spec's method; what several prompts count as stands there only where it differs. */
export function startFields({
  init,
  initWeights,
  initLike,
  prompts,
  adapters,
}: DraftStarts): Record<string, unknown> {
  const weighed = initWeights === undefined || initWeights === 'equal' ? undefined : initWeights;
  return { init, initWeights: weighed, initLike: weighed && initLike, prompts, adapters };
}

/** What a method of a spec reads. */
export function startsOfMethod({
  init,
  initWeights,
  initLike,
  prompts,
  adapters,
}: Record<string, unknown>): DraftStarts {
  return {
    ...(init !== undefined && { init: init as string | string[] }),
    ...(initWeights !== undefined && { initWeights: initWeights as SourceWeights }),
    ...(initLike !== undefined && { initLike: initLike as string }),
    ...(prompts !== undefined && { prompts: prompts as string[] }),
    ...(adapters !== undefined && { adapters: adapters as string[] }),
  };
}

/** Names of all saved adapters that a draft reads. */
export function allStarts(draft: DraftStarts): string[] {
  const { init, initLike, prompts, adapters } = draft;
  return [init, initLike, prompts, adapters].flatMap((one) => one ?? []);
}

/** The starts of a draft that was kept, as far as the adapters are there. */
export function keptStarts(value: object, known: ReadonlySet<string>): DraftStarts {
  const { init, initWeights, initLike, prompts, adapters } = value as Record<keyof DraftStarts, unknown>;
  const there = (names: unknown): string[] =>
    [names ?? []].flat().filter((name): name is string => typeof name === 'string' && known.has(name));
  const [starts, [like]] = [there(init), there(initLike)];
  const several = starts.length > 1;
  const weights = SOURCE_WEIGHTS.find((how) => how === initWeights);
  const listed = (place: 'prompts' | 'adapters', names: string[]): DraftStarts =>
    names.length > 0 ? { [place]: names } : {};
  return {
    ...(starts.length > 0 && { init: several ? starts : starts[0] }),
    ...(several && weights !== undefined && { initWeights: weights }),
    ...(several && like !== undefined && { initLike: like }),
    ...listed('prompts', there(prompts)),
    ...listed('adapters', there(adapters)),
  };
}

/** What is missing, a field of the spec's method; null where nothing is. */
export function missingStart({ type, ...draft }: DraftStarts & { type: MethodType }): StartPlace | null {
  if (type === 'ipt' && draft.init === undefined && startNames(draft, 'prompts').length === 0)
    return 'prompts';
  if (type === 'fusion' && startNames(draft, 'adapters').length < 2) return 'adapters';
  const { initWeights = 'equal' } = draft;
  if (Array.isArray(draft.init) && initWeights !== 'equal' && draft.initLike === undefined) return 'initLike';
  return null;
}
