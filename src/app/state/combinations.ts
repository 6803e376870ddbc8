/**
 * Methods of the form trained together or in turn. A combination names the cards of the form, whose options
 * count in it: a stage holds the cards that train at once, and stages follow each other.
 */
import type { MethodType } from '../../deltas/defaults.ts';

export interface Combination {
  id: string;
  /** Ids of drafts, stage by stage; a stage is never empty. */
  stages: readonly (readonly string[])[];
  /** Of stages in which several methods train at once, as typed; empty for the default. */
  learningRate: string;
}

/** What of the form this is about: its cards and what is made of them. */
export interface Cards {
  methods: readonly { id: string; type: MethodType; enabled: boolean }[];
  combinations: readonly Combination[];
}

/** How a card that is dropped on another joins it. */
export type Joining = 'together' | 'then';

function changed<Form extends Cards>(
  form: Form,
  id: string,
  change: (stages: string[][]) => string[][],
): Form {
  const combinations = form.combinations.flatMap((one) => {
    if (one.id !== id) return [one];
    const stages = change(one.stages.map((stage) => [...stage])).filter((stage) => stage.length > 0);
    return stages.length === 0 ? [] : [{ ...one, stages }];
  });
  return { ...form, combinations };
}

/** The form with one combination more: a card, and a second that trains with it or after it. */
export function withCombination<Form extends Cards>(
  form: Form,
  first: string,
  second: string,
  how: Joining,
): Form {
  if (first === second && how === 'together') return form;
  const taken = new Set(form.combinations.map(({ id }) => id));
  let count = 1;
  while (taken.has(`combination-${count}`)) count++;
  const stages = how === 'together' ? [[first, second]] : [[first], [second]];
  const made: Combination = { id: `combination-${count}`, stages, learningRate: '' };
  return { ...form, combinations: [...form.combinations, made] };
}

/** A card trains in a stage too; at the end of the row it makes a stage of its own. */
export function withMember<Form extends Cards>(form: Form, id: string, stage: number, draft: string): Form {
  return changed(form, id, (stages) => {
    if (stage >= stages.length) return [...stages, [draft]];
    if (stages[stage].includes(draft)) return stages;
    return stages.with(stage, [...stages[stage], draft]);
  });
}

/** Without a card in a stage; a stage without cards goes, and so does a combination without stages. */
export function withoutMember<Form extends Cards>(
  form: Form,
  id: string,
  stage: number,
  draft: string,
): Form {
  return changed(form, id, (stages) =>
    stages.with(
      stage,
      stages[stage].filter((one) => one !== draft),
    ),
  );
}

export function withoutCombination<Form extends Cards>(form: Form, id: string): Form {
  return { ...form, combinations: form.combinations.filter((one) => one.id !== id) };
}

export function withRate<Form extends Cards>(form: Form, id: string, learningRate: string): Form {
  const combinations = form.combinations.map((one) => (one.id === id ? { ...one, learningRate } : one));
  return { ...form, combinations };
}

/** Without a card that is no longer there. */
export function withoutDraft<Form extends Cards>(form: Form, draft: string): Form {
  return form.combinations.reduce(
    (all, { id, stages }) => stages.reduceRight((one, _, stage) => withoutMember(one, id, stage, draft), all),
    form,
  );
}

/** Cards that count: ticked ones, and those in a combination. */
export function usedDrafts<Form extends Cards>(form: Form): Form['methods'][number][] {
  const joined = new Set(form.combinations.flatMap(({ stages }) => stages.flat()));
  return form.methods.filter(({ id, enabled }) => enabled || joined.has(id));
}

/** Is there anything to compare? */
export function comparesNothing(form: Cards): boolean {
  return usedDrafts(form).length === 0;
}

/** A rate that does not read. */
export function badRate({ learningRate }: Combination): boolean {
  const text = learningRate.trim();
  return text !== '' && !(Number(text) > 0 && Number(text) <= 100);
}

/**
 * Names of the combinations in the comparison, by id: `lora+bitfit`, `prompt-then-adapter`, numbered where two
 * are alike.
 */
export function combinationNames(form: Cards): Map<string, string> {
  const typeOf = new Map(form.methods.map(({ id, type }) => [id, type]));
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, stages } of form.combinations) {
    const stem = stages
      .map((stage) => stage.map((draft) => typeOf.get(draft) ?? draft).join('+'))
      .join('-then-');
    let name = stem;
    for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}
