/**
 * The `method` of a run spec: its options, checked, and completed with the method's documented defaults.
 */
import { field, say } from '../sentence.ts';
import { z } from 'zod';
import { CATALOGUE, defaultOptions, type OptionInfo } from '../deltas/catalogue.ts';
import {
  IA3_TEXT_TO_TEXT_TARGETS,
  METHOD_TYPES,
  STUDY_OPTIONS,
  type MethodType,
  type Preset,
} from '../deltas/defaults.ts';
import { linearPattern } from '../deltas/pattern.ts';
import type { MethodOptions } from '../deltas/registry.ts';
import { isExpression } from '../deltas/targets.ts';
import { choice, flag, integer, numberWithin, positive, record, text } from './fields.ts';
import { expects, fieldError } from './refusal.ts';
import type { Task } from './spec-data.ts';

/** Roles, dotted suffixes of original names, or `/regular expressions/`. */
const targets = z
  .array(
    text(say`a role such as "q", a dotted suffix of a weight name, or a /regular expression/`).refine(
      isTarget,
      {
        error: expects(say`a regular expression that compiles, without lookaround or backreferences`),
      },
    ),
    { error: expects(say`a list of roles such as ["q", "v"]`) },
  )
  .min(1, { error: expects(say`a list with at least one role such as ["q", "v"]`) });

function isTarget(value: string): boolean {
  if (!value.startsWith('/')) return true;
  if (!isExpression(value)) return false;
  try {
    linearPattern(value.slice(1, -1));
    return true;
  } catch {
    return false;
  }
}

/** What every method takes beside its own options. */
const start = {
  init: text(say`a folder with a saved adapter`).optional(),
  initForce: flag().optional(),
};

/** What an option accepts, as its catalogue entry says. */
function fieldOf(option: OptionInfo): z.ZodType {
  switch (option.kind) {
    case 'integer':
      return integer(option.min, option.max);
    case 'number':
      return numberWithin(option);
    case 'choice':
      return choice(option.choices);
    case 'flag':
      return flag();
    case 'targets':
      return targets;
    case 'byRole':
      return z.record(z.string(), option.integer ? integer(1) : positive(), {
        error: expects(say`an object from roles to numbers such as {"q": 16}`),
      });
  }
}

function schemaOf(type: MethodType) {
  const fields = CATALOGUE[type].options.map((option) => [option.name, fieldOf(option).optional()]);
  return record({ type: z.literal(type), ...(Object.fromEntries(fields) as z.ZodRawShape), ...start });
}

const types = say`one of the types ${METHOD_TYPES.map((type) => `"${type}"`).join(', ')}`;

const aMethod = say`a method such as {"type": "lora"}, of ${types}`;

type OneInput<Options> = Options extends MethodOptions
  ? Pick<Options, 'type'> & Partial<Omit<Options, 'type'>> & { init?: string; initForce?: boolean }
  : never;

/** One method as written in a spec: omitted options stay omitted. */
export type MethodInput = OneInput<MethodOptions>;

const schemas = METHOD_TYPES.map(schemaOf);

// The fields come from the catalogue and the type from the methods' own options; a test holds one to the other.
const one = z.discriminatedUnion('type', schemas as [(typeof schemas)[0], ...typeof schemas], {
  error: (issue) => expects(issue.code === 'invalid_union' ? types : aMethod),
}) as unknown as z.ZodType<MethodInput>;

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
  Array.isArray(value) ? z.array(one).min(1, { error: expects(say`a list with at least one method`) }) : one,
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

/**
 * Fills in the methods' documented defaults.
 * @param where path of the field, for the refusal
 * @param task some defaults on an encoder-decoder are not those on an encoder
 * @param preset whose options come before the defaults
 * @throws StudioError `spec` when there is no method
 */
export function completeMethod(
  input: MethodInput | MethodInput[] | undefined,
  where: string,
  task?: Task,
  preset?: Preset,
): Methods {
  if (input === undefined) throw fieldError(where, undefined, aMethod);
  const complete = (one: MethodInput): MethodSpec => {
    checkStart(one, where);
    return completeOne(one, task, preset);
  };
  return Array.isArray(input) ? input.map(complete) : complete(input);
}

/** @throws StudioError `spec` for a start from what is not named */
function checkStart(one: MethodInput, where: string): void {
  if (one.type !== 'multitaskPrompt' || one.init !== undefined) return;
  if (one.initialization === undefined || ['random', 'vocab'].includes(one.initialization)) return;
  throw fieldError(
    `${where}.init`,
    undefined,
    say`the folder of a multitask prompt, since ${field(`${where}.initialization`)} is "${one.initialization}"`,
  );
}

function completeOne(
  { init, initForce, ...options }: MethodInput,
  task: Task | undefined,
  preset: Preset | undefined,
): MethodSpec {
  const own =
    task === 'text2text' && options.type === 'ia3' ? { targets: [...IA3_TEXT_TO_TEXT_TARGETS] } : {};
  const studied = preset === 'study' ? STUDY_OPTIONS[options.type] : undefined;
  const standard = { ...defaultOptions(options.type), ...own, ...studied };
  const completed = { ...standard, ...given(options) } as MethodOptions;
  return { ...completed, ...given({ init, initForce }) };
}

/** Without the fields that say `undefined`, which would hide a default. */
function given<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}
