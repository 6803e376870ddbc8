/**
 * The special tokens around one text or two, read from `post_processor` of tokenizer.json:
 * TemplateProcessing, BertProcessing, RobertaProcessing, or a Sequence that holds one of them.
 */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';

export type TemplatePiece =
  { kind: 'special'; ids: number[]; typeId: number } | { kind: 'text'; which: 'A' | 'B'; typeId: number };

export interface SpecialTokens {
  single: TemplatePiece[];
  pair: TemplatePiece[];
}

type Json = Record<string, unknown>;

/** No post-processor: texts stand alone, a second one has segment 1. */
const NONE: SpecialTokens = {
  single: [{ kind: 'text', which: 'A', typeId: 0 }],
  pair: [
    { kind: 'text', which: 'A', typeId: 0 },
    { kind: 'text', which: 'B', typeId: 1 },
  ],
};

/** @throws StudioError('tokenizer') for a kind of post-processor that is not known */
export function readSpecialTokens(postProcessor: unknown): SpecialTokens {
  if (postProcessor === null || postProcessor === undefined) return NONE;
  const processor = postProcessor as Json;
  switch (processor.type) {
    case 'TemplateProcessing':
      return {
        single: pieces(processor.single as Json[], processor.special_tokens as Json),
        pair: pieces(processor.pair as Json[], processor.special_tokens as Json),
      };
    case 'BertProcessing':
      return around(processor, 1, [separator(processor)]);
    case 'RobertaProcessing':
      // Two separators between the texts, and segment 0 throughout: RoBERTa has no segments.
      return around(processor, 0, [separator(processor), separator(processor)]);
    case 'ByteLevel':
      return NONE;
    case 'Sequence': {
      const inner = ((processor.processors as Json[]) ?? []).filter(({ type }) => type !== 'ByteLevel');
      if (inner.length <= 1) return readSpecialTokens(inner[0]);
    }
  }
  throw new StudioError(
    'tokenizer',
    say`The post_processor "${String(processor.type)}" of tokenizer.json is not supported; use a tokenizer with TemplateProcessing, BertProcessing or RobertaProcessing.`,
    { where: 'tokenizer.json: post_processor' },
  );
}

/** Special tokens that a template adds. */
export function countSpecial(template: readonly TemplatePiece[]): number {
  return template.reduce((count, piece) => count + (piece.kind === 'special' ? piece.ids.length : 0), 0);
}

function pieces(template: Json[], specialTokens: Json): TemplatePiece[] {
  return template.map((piece): TemplatePiece => {
    if ('Sequence' in piece) {
      const { id, type_id } = piece.Sequence as { id: 'A' | 'B'; type_id: number };
      return { kind: 'text', which: id, typeId: type_id };
    }
    const { id, type_id } = piece.SpecialToken as { id: string; type_id: number };
    const { ids } = specialTokens[id] as { ids: number[] };
    return { kind: 'special', ids, typeId: type_id };
  });
}

function separator(processor: Json): number {
  return (processor.sep as [string, number])[1];
}

/** cls A sep, and cls A `middle` B sep with `secondType` for B and its separator. */
function around(processor: Json, secondType: number, middle: number[]): SpecialTokens {
  const cls = (processor.cls as [string, number])[1];
  const sep = separator(processor);
  const open: TemplatePiece = { kind: 'special', ids: [cls], typeId: 0 };
  const a: TemplatePiece = { kind: 'text', which: 'A', typeId: 0 };
  return {
    single: [open, a, { kind: 'special', ids: [sep], typeId: 0 }],
    pair: [
      open,
      a,
      { kind: 'special', ids: middle, typeId: 0 },
      { kind: 'text', which: 'B', typeId: secondType },
      { kind: 'special', ids: [sep], typeId: secondType },
    ],
  };
}
