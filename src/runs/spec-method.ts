/**
 * The `method` of a run spec: its options, checked, and completed with the method's documented defaults.
 */
import { z } from 'zod';
import {
  ADAPTER_DEFAULTS,
  IA3_DEFAULTS,
  LAST_LAYER_DEFAULTS,
  LORA_DEFAULTS,
  METHOD_TYPES,
  PREFIX_DEFAULTS,
  PROMPT_DEFAULTS,
  SELECTIVE_DEFAULTS,
} from '../deltas/defaults.ts';
import type { MethodType } from '../deltas/defaults.ts';
import type { MethodOptions } from '../deltas/registry.ts';
import { flag, fraction, integer, oneOf, positive, record, text } from './fields.ts';
import { fieldError } from './refusal.ts';

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

/** What every method takes beside its own options. */
const start = {
  init: text('a folder with a saved adapter').optional(),
  initForce: flag().optional(),
};

const pattern = z
  .record(z.string(), positive(), { error: 'an object from roles to numbers such as {"q": 16}' })
  .optional();

const shapes = {
  full: record({ type: z.literal('full'), ...start }),
  head: record({ type: z.literal('head'), ...start }),
  lora: record({
    type: z.literal('lora'),
    rank: integer(1).optional(),
    alpha: positive().optional(),
    dropout: fraction().optional(),
    targets: targets.optional(),
    rankStabilized: flag().optional(),
    dora: flag().optional(),
    initialization: oneOf(['default', 'pissa']).optional(),
    learningRateRatio: positive().optional(),
    rankPattern: pattern,
    alphaPattern: pattern,
    ...start,
  }),
  prompt: record({
    type: z.literal('prompt'),
    virtualTokens: integer(1).optional(),
    initialization: oneOf(['vocab', 'random']).optional(),
    ...start,
  }),
  prefix: record({
    type: z.literal('prefix'),
    virtualTokens: integer(1).optional(),
    initialization: oneOf(['zero', 'random']).optional(),
    ...start,
  }),
  adapter: record({
    type: z.literal('adapter'),
    bottleneck: integer(1).optional(),
    activation: oneOf(['silu', 'relu', 'gelu', 'tanh']).optional(),
    placement: oneOf(['both', 'ffn', 'parallel', 'scaledParallel']).optional(),
    ...start,
  }),
  bitfit: record({ type: z.literal('bitfit'), ...start }),
  layernorm: record({ type: z.literal('layernorm'), ...start }),
  ia3: record({ type: z.literal('ia3'), targets: targets.optional(), ...start }),
  lastLayer: record({ type: z.literal('lastLayer'), layers: integer(1).optional(), ...start }),
  selective: record({ type: z.literal('selective'), budget: share().optional(), ...start }),
};

/** A share of something, in (0, 1]. */
function share() {
  const error = 'a number above 0, up to 1';
  return z.number({ error }).gt(0, { error }).max(1, { error });
}

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
    shapes.layernorm,
    shapes.ia3,
    shapes.lastLayer,
    shapes.selective,
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union' ? types : `a method such as {"type": "lora"}, of ${types}`,
  },
);

/** One method as written in a spec: omitted options stay omitted. */
export type MethodInput = z.output<typeof one>;

/** Parses with another schema inside a schema and keeps the issues' paths. */
export function delegate<Output>(pick: (value: unknown) => z.ZodType<Output>) {
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

/**
 * A method with every option set. `init` is an adapter folder to start from, relative to the spec;
 * `initForce` takes it even if it was saved for another base model.
 */
export type MethodSpec = MethodOptions & { init?: string; initForce?: boolean };

/** One method, or several that train at once. */
export type Methods = MethodSpec | MethodSpec[];

export function methodList(method: Methods): MethodSpec[] {
  return Array.isArray(method) ? method : [method];
}

/** `lora`, or `lora+bitfit` where several train at once. */
export function methodName(method: Methods): string {
  return methodList(method)
    .map(({ type }) => type)
    .join('+');
}

export type LoraMethod = Extract<MethodSpec, { type: 'lora' }>;
export type PromptMethod = Extract<MethodSpec, { type: 'prompt' }>;

/** Is it the name of a method that runs today? */
export function isMethodType(name: string): name is MethodType {
  return (METHOD_TYPES as readonly string[]).includes(name);
}

/** Is it the name of any method the spec format knows? */
export function isKnownMethod(name: string): name is MethodInput['type'] {
  return name in shapes;
}

/**
 * Fills in the methods' documented defaults.
 * @param where path of the field, for the refusal
 * @throws StudioError `spec` when there is no method
 */
export function completeMethod(input: MethodInput | MethodInput[] | undefined, where: string): Methods {
  if (input === undefined)
    throw fieldError(where, undefined, `a method such as {"type": "lora"}, of ${types}`);
  return Array.isArray(input) ? input.map(completeOne) : completeOne(input);
}

function completeOne({ init, initForce, ...options }: MethodInput): MethodSpec {
  return { ...completeOptions(options), ...given({ init, initForce }) };
}

/** Options with defaults for those left out. */
function completeOptions(input: MethodInput): MethodOptions {
  switch (input.type) {
    case 'full':
    case 'head':
    case 'bitfit':
    case 'layernorm':
      return { type: input.type };
    case 'lora':
      return { ...LORA_DEFAULTS, ...given(input), targets: [...(input.targets ?? LORA_DEFAULTS.targets)] };
    case 'prompt':
      return { ...PROMPT_DEFAULTS, ...given(input) };
    case 'prefix':
      return { ...PREFIX_DEFAULTS, ...given(input) };
    case 'adapter':
      return { ...ADAPTER_DEFAULTS, ...given(input) };
    case 'ia3':
      return { ...given(input), targets: [...(input.targets ?? IA3_DEFAULTS.targets)] };
    case 'lastLayer':
      return { ...LAST_LAYER_DEFAULTS, ...given(input) };
    case 'selective':
      return { ...SELECTIVE_DEFAULTS, ...given(input) };
  }
}

/** Without the fields that say `undefined`, which would hide a default. */
function given<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}
