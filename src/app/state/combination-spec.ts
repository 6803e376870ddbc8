/** Combinations of the form as entries of a spec, and back. */
import { startFields } from './draft-starts.ts';
import { methodList } from '../../runs/spec-method.ts';
import type { SpecInput } from '../../runs/spec.ts';
import { combinationNames, type Combination } from './combinations.ts';
import type { Form, MethodDraft } from './form.ts';

type Entry = NonNullable<SpecInput['compare']>[number];
type Method = NonNullable<Entry['method']>;
type Stage = NonNullable<Entry['stages']>[number];
type One = Exclude<Method, unknown[]>;

/**
 * @param methodOf the spec's method of a card
 * @returns an entry for each combination; cards that do not read have been refused before
 */
export function combinationEntries(form: Form, methodOf: (draft: MethodDraft) => One | null): Entry[] {
  const names = combinationNames(form);
  const drafts = new Map(form.methods.map((draft) => [draft.id, draft]));
  return form.combinations.map((combination): Entry => {
    const { id, stages } = combination;
    const name = names.get(id)!;
    // The name that an entry has of itself is left out.
    const named = /-\d+$/.test(name) && { name };
    const parts = stages.map((stage) => stage.map((draft) => drafts.get(draft)!));
    const methodsOf = (stage: MethodDraft[]): Method =>
      stage.length === 1 ? methodOf(stage[0])! : stage.map((draft) => methodOf(draft)!);
    const rate = combination.learningRate.trim();
    const rateOf = (stage: MethodDraft[]): string =>
      stage.length === 1 ? stage[0].fields.learningRate.trim() : rate;
    const training = (stage: MethodDraft[]) =>
      rateOf(stage) !== '' && { training: { optimizer: { learningRate: Number(rateOf(stage)) } } };
    if (parts.length === 1) return { ...named, method: methodsOf(parts[0]), ...training(parts[0]) };
    return {
      ...named,
      stages: parts.map((stage): Stage => ({ method: methodsOf(stage), ...training(stage) })),
    };
  });
}

/** What a stage of a spec says: its methods and its rate. */
interface StageOf {
  methods: One[];
  rate: number | undefined;
}

/** The stages of an entry, or null of an entry of one method alone. */
export function stagesOfEntry(entry: Entry, shared: number | undefined): StageOf[] | null {
  const own = entry.training?.optimizer?.learningRate ?? shared;
  if (entry.stages !== undefined)
    return entry.stages.map((stage) => {
      const { method, training } =
        !Array.isArray(stage) && 'method' in stage ? stage : { method: stage, training: undefined };
      return { methods: listed(method), rate: training?.optimizer?.learningRate ?? own };
    });
  const methods = listed(entry.method!);
  return methods.length === 1 ? null : [{ methods, rate: own }];
}

function listed(method: Method): One[] {
  return methodList(method as Parameters<typeof methodList>[0]);
}

/**
 * Cards and combinations for entries of several methods: a card that says the same is shared.
 * @param alone cards of the entries of one method
 * @param draftOf a card for a method and its rate
 */
export function cardsOf(
  entries: readonly StageOf[][],
  alone: readonly MethodDraft[],
  draftOf: (method: One, rate: number | undefined) => MethodDraft,
): { drafts: MethodDraft[]; combinations: { stages: MethodDraft[][]; learningRate: string }[] } {
  const drafts = [...alone];
  const card = (method: One, rate: number | undefined): MethodDraft => {
    const wanted = draftOf(method, rate);
    const same = drafts.find(
      (one) =>
        one.type === wanted.type &&
        JSON.stringify(startFields(one)) === JSON.stringify(startFields(wanted)) &&
        JSON.stringify(fieldsOf(one, rate)) === JSON.stringify(fieldsOf(wanted, rate)),
    );
    if (same !== undefined) return same;
    const made = { ...wanted, enabled: false };
    drafts.push(made);
    return made;
  };
  const combinations = entries.map((stages) => {
    const joint = stages.find(({ methods }) => methods.length > 1)?.rate;
    return {
      stages: stages.map(({ methods, rate }) =>
        methods.map((method) => card(method, methods.length > 1 ? undefined : rate)),
      ),
      learningRate: joint === undefined ? '' : String(joint),
    };
  });
  return { drafts, combinations };
}

/** Where a stage has a rate of its own, the card's does not count. */
function fieldsOf({ fields }: MethodDraft, rate: number | undefined): Record<string, string> {
  const { learningRate, ...rest } = fields;
  return rate === undefined ? rest : { ...rest, learningRate };
}

/** Combinations with the ids that their cards have got. */
export function placedCombinations(
  made: readonly { stages: MethodDraft[][]; learningRate: string }[],
  idOf: (draft: MethodDraft) => string,
): Combination[] {
  return made.map(({ stages, learningRate }, i) => ({
    id: `combination-${i + 1}`,
    stages: stages.map((stage) => stage.map(idOf)),
    learningRate,
  }));
}
