/**
 * Manual templates (Schick & Schütze 2021; Gao et al. 2021): a text with slots. `{text}` and `{text2}` take the
 * row's texts, `{mask}` the tokenizer's mask token.
 */

export type TemplatePart = { kind: 'literal'; text: string } | { kind: 'slot'; slot: string };

/** Parts in order. Every `{word}` is a slot, whether it is known or not; any other brace is text. */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
    if (match.index > from) parts.push({ kind: 'literal', text: template.slice(from, match.index) });
    parts.push({ kind: 'slot', slot: match[1] });
    from = match.index + match[0].length;
  }
  if (from < template.length) parts.push({ kind: 'literal', text: template.slice(from) });
  return parts;
}

/** Names of the slots, in order. */
export function slotsOf(parts: readonly TemplatePart[]): string[] {
  return parts.flatMap((part) => (part.kind === 'slot' ? [part.slot] : []));
}

/** The template with its slots filled. */
export function fillTemplate(
  parts: readonly TemplatePart[],
  values: Readonly<Record<string, string>>,
): string {
  return parts.map((part) => (part.kind === 'literal' ? part.text : (values[part.slot] ?? ''))).join('');
}
