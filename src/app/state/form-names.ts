/** Names that tell the methods of a comparison apart where one stands in it more than once. */
import { methodFields, type MethodDraft } from './form.ts';

/** Short marks of options, as people write them: r16, lr5e-4. */
const MARKS: Record<string, string> = {
  rank: 'r',
  alpha: 'a',
  learningRate: 'lr',
  virtualTokens: 't',
  bottleneck: 'b',
  layers: 'l',
  budget: 'p',
};

/**
 * A name for each draft: none where its type stands alone; else its type with what differs, as `lora-r16`,
 * numbered where nothing does.
 */
export function draftNames(drafts: readonly MethodDraft[]): Map<string, string | null> {
  const names = new Map<string, string | null>();
  const taken = new Set<string>();
  for (const draft of drafts) {
    const same = drafts.filter(({ type }) => type === draft.type);
    if (same.length === 1) {
      names.set(draft.id, null);
      continue;
    }
    const parts = methodFields(draft.type)
      .map(({ name }) => name)
      .filter((name) => new Set(same.map(({ fields }) => fields[name])).size > 1)
      .map((name) => `${MARKS[name] ?? ''}${plain(name, draft.fields[name])}`);
    const stem = [draft.type, ...parts].join('-');
    let name = stem;
    for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
    taken.add(name);
    names.set(draft.id, name);
  }
  return names;
}

/** A value as a part of a name: flags by their own name, lists joined. */
function plain(option: string, value: string): string {
  if (value === 'true') return option;
  if (value === 'false') return `no${option}`;
  return (
    value
      .trim()
      .replace(/[^\p{L}\p{N}.]+/gu, '+')
      .replace(/^\++|\++$/g, '') || 'none'
  );
}
