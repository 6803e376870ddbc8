/**
 * The `method` of a run spec. Four methods run today; the others that the format names are recognised,
 * their options checked, and then refused by name, so that a spec never trains something else than it says.
 */
import { z } from 'zod';
import { LORA_DEFAULTS, METHOD_TYPES, PROMPT_DEFAULTS } from '../deltas/defaults.ts';
import type { MethodType } from '../deltas/defaults.ts';
import { flag, fraction, integer, oneOf, positive, record, text } from './fields.ts';
import { fieldError, notAvailable } from './refusal.ts';

/** Roles, dotted suffixes of original names, or `/regular expressions/`. */
const targets = z
  .array(
    text('a role such as "q", a dotted suffix of a weight name, or a /regular expression/').refine(isTarget, {
      error: 'a regular expression that compiles',
    }),
    { error: 'a list of roles such as ["q", "v"]' },
  )
  .min(1, { error: 'a list with at least one role such as ["q", "v"]' });

function isTarget(value: string): boolean {
  if (!value.startsWith('/')) return true;
  if (value.length < 3 || !value.endsWith('/')) return false;
  try {
    new RegExp(value.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}

const init = text('a folder with a saved adapter').optional();

const shapes = {
  full: record({ type: z.literal('full'), init }),
  head: record({ type: z.literal('head'), init }),
  lora: record({
    type: z.literal('lora'),
    rank: integer(1).optional(),
    alpha: positive().optional(),
    dropout: fraction().optional(),
    targets: targets.optional(),
    rankStabilized: flag().optional(),
    dora: flag().optional(),
    init,
  }),
  prompt: record({
    type: z.literal('prompt'),
    virtualTokens: integer(1).optional(),
    initialization: oneOf(['vocab', 'random']).optional(),
    init,
  }),
  prefix: record({ type: z.literal('prefix'), virtualTokens: integer(1).optional(), init }),
  adapter: record({
    type: z.literal('adapter'),
    bottleneck: integer(1).optional(),
    activation: text('the name of an activation').optional(),
    placement: text('where the adapter stands').optional(),
    init,
  }),
  bitfit: record({ type: z.literal('bitfit'), init }),
  ia3: record({ type: z.literal('ia3'), targets: targets.optional(), init }),
};

const types = `one of the types ${METHOD_TYPES.map((type) => `"${type}"`).join(', ')}`;

const one = z.discriminatedUnion(
  'type',
  [
    shapes.full,
    shapes.head,
    shapes.lora,
    shapes.prompt,
    shapes.prefix,
    shapes.adapter,
    shapes.bitfit,
    shapes.ia3,
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? types : `a method such as {"type": "lora"}, of ${types}`,
  },
);

/** One method as written in a spec: omitted options stay omitted. */
export type MethodInput = z.output<typeof one>;

/** Parses with another schema inside a schema and keeps the issues' paths. */
function delegate<Output>(pick: (value: unknown) => z.ZodType<Output>) {
  return z.unknown().transform((value, context): Output => {
    const result = pick(value).safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
}

/** A method, or a list of methods to combine. */
export const methodSchema = delegate<MethodInput | MethodInput[]>((value) =>
  Array.isArray(value) ? z.array(one).min(1, { error: 'a list with at least one method' }) : one,
);

/** Methods to train in turn. */
export const stagesSchema = z
  .array(methodSchema, { error: 'a list of methods to train in turn' })
  .min(1, { error: 'a list with at least one method' });

export interface FullMethod {
  type: 'full';
  init?: string;
}
export interface HeadMethod {
  type: 'head';
  init?: string;
}
export interface LoraMethod {
  type: 'lora';
  rank: number;
  alpha: number;
  dropout: number;
  targets: string[];
  /** Scale by alpha/√rank instead of alpha/rank (Kalajdzievski 2023). */
  rankStabilized: boolean;
  dora: boolean;
  init?: string;
}
export interface PromptMethod {
  type: 'prompt';
  virtualTokens: number;
  /** Where the rows start: rows of the word embeddings drawn with the seed, or N(0, 1). */
  initialization: 'vocab' | 'random';
  init?: string;
}
/** A method with every option set. `init` is an adapter folder to start from, relative to the spec. */
export type MethodSpec = FullMethod | HeadMethod | LoraMethod | PromptMethod;

/** Is it the name of a method that runs today? */
export function isMethodType(name: string): name is MethodType {
  return (METHOD_TYPES as readonly string[]).includes(name);
}

/** Is it the name of any method the spec format knows? */
export function isKnownMethod(name: string): name is MethodInput['type'] {
  return name in shapes;
}

/**
 * Fills in the method's documented defaults.
 * @param where path of the field, for the refusal
 * @throws StudioError `unsupported` for what the format names and this version lacks
 */
export function completeMethod(input: MethodInput | MethodInput[] | undefined, where: string): MethodSpec {
  if (input === undefined)
    throw fieldError(where, undefined, `a method such as {"type": "lora"}, of ${types}`);
  if (Array.isArray(input)) {
    throw notAvailable(where, 'a list of methods to combine', 'give one method');
  }
  const start = input.init === undefined ? {} : { init: input.init };
  switch (input.type) {
    case 'full':
    case 'head':
      return { type: input.type, ...start };
    case 'lora':
      if (input.dora === true) throw notAvailable(`${where}.dora`, 'DoRA', 'leave it out or set it to false');
      return {
        type: 'lora',
        rank: input.rank ?? LORA_DEFAULTS.rank,
        alpha: input.alpha ?? LORA_DEFAULTS.alpha,
        dropout: input.dropout ?? LORA_DEFAULTS.dropout,
        targets: [...(input.targets ?? LORA_DEFAULTS.targets)],
        rankStabilized: input.rankStabilized ?? LORA_DEFAULTS.rankStabilized,
        dora: false,
        ...start,
      };
    case 'prompt':
      return {
        type: 'prompt',
        virtualTokens: input.virtualTokens ?? PROMPT_DEFAULTS.virtualTokens,
        initialization: input.initialization ?? PROMPT_DEFAULTS.initialization,
        ...start,
      };
    default:
      throw notAvailable(`${where}.type`, `the method "${input.type}"`, `use ${types}`);
  }
}
