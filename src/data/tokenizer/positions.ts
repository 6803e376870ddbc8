/** How many tokens a model has positions for, by its config. */
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';

/** Families that number positions from pad_token_id + 1 (fairseq's habit). */
const OFFSET_FAMILIES = new Set([
  'roberta',
  'xlm-roberta',
  'xlm-roberta-xl',
  'camembert',
  'longformer',
  'mpnet',
]);
/** Families with relative positions only. */
const UNBOUNDED_FAMILIES = new Set(['t5', 'mt5', 'umt5', 'longt5']);

/** A token between two special ones. */
const SHORTEST_TEXT = 3;

export type ModelConfig = Readonly<Record<string, unknown>>;

/** Positions for tokens, virtual ones included; Infinity where the model sets no bound. */
export function positionLimit(config: ModelConfig): number {
  const family = typeof config.model_type === 'string' ? config.model_type : '';
  const table = config.max_position_embeddings;
  if (UNBOUNDED_FAMILIES.has(family) || typeof table !== 'number') return Infinity;
  if (!OFFSET_FAMILIES.has(family)) return table;
  const pad = typeof config.pad_token_id === 'number' ? config.pad_token_id : 1;
  return table - pad - 1;
}

/**
 * @param maxLength tokens a row may have, special ones counted
 * @param virtualTokens positions that a prompt or prefix takes
 * @throws StudioError('spec') where virtual tokens leave no room for text at all, ('data') where the model has no positions for that many
 */
export function checkMaxLength(maxLength: number, config: ModelConfig, virtualTokens = 0): void {
  const limit = positionLimit(config);
  if (maxLength + virtualTokens <= limit) return;
  if (virtualTokens > 0 && limit - virtualTokens < SHORTEST_TEXT) {
    throw new StudioError(
      'spec',
      say`${field('method.virtualTokens')}: got ${virtualTokens}, which leaves no room for text in the model's ${limit} positions; choose at most ${Math.max(0, limit - maxLength)} for texts of ${field('data.maxLength')} ${maxLength}.`,
      { where: 'method.virtualTokens' },
    );
  }
  const [length, left, most] = [
    field('data.maxLength'),
    limit - virtualTokens,
    Math.max(0, limit - virtualTokens),
  ];
  throw new StudioError(
    'data',
    virtualTokens > 0
      ? say`${length} is ${maxLength} but the model has positions for ${left} tokens beside ${virtualTokens} virtual tokens; set ${length} to at most ${most}.`
      : say`${length} is ${maxLength} but the model has positions for ${left} tokens; set ${length} to at most ${most}.`,
    { where: 'data.maxLength' },
  );
}
