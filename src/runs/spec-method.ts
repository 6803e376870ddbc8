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
import { choice, flag, integer, numberWithin, oneOf, positive, record, text } from './fields.ts';
import { SOURCE_WEIGHTS, type SourceWeights } from './prompt-transfer.ts';
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

/** Of `ipt`; how many prompts a folder holds is known once it is read. */
const promptFolders = say`a list of folders with prompts of earlier runs`;
const prompts = z
  .array(text(say`a folder with a prompt`), { error: expects(promptFolders) })
  .min(1, { error: expects(promptFolders) });
const manyFolders = say`a list of two folders or more, each with a trained adapter`;
/** Of `fusion`. */
const adapters = z
  .array(text(say`a folder with a trained adapter`), { error: expects(manyFolders) })
  .refine((list) => list.length !== 1, { error: expects(manyFolders) });

/** What every method takes beside its own options. */
const start = {
  init: z
    .union(
      [
        text(say`a folder with a saved adapter`),
        z
          .array(text(say`a folder with a prompt`))
          .min(2, { error: expects(say`a list of two prompts or more`) }),
      ],
      {
        error: expects(say`a folder with a saved adapter, or of "prompt" a list of two or more`),
      },
    )
    .optional(),
  initForce: flag().optional(),
  initWeights: oneOf(SOURCE_WEIGHTS).optional(),
  initLike: text(say`a folder with a prompt of this task`).optional(),
};

/** Where a method starts. */
export interface MethodStart {
  init?: string | string[];
  /** Take an adapter of another base model too. */
  initForce?: boolean;
  /** How several prompts count. */
  initWeights?: SourceWeights;
  /** Folder of a prompt of the task, which those that it starts from are held against. */
  initLike?: string;
}

/** All folders that a method reads as it starts. */
export function startFolders({ init, initLike, ...method }: MethodSpec | MethodInput): string[] {
  const prompts = method.type === 'ipt' ? method.prompts : undefined;
  const adapters = method.type === 'fusion' ? method.adapters : undefined;
  return [init, initLike, prompts, adapters].flatMap((one) => one ?? []);
}

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
  return record({
    type: z.literal(type),
    ...(Object.fromEntries(fields) as z.ZodRawShape),
    ...(type === 'ipt' && { prompts: prompts.optional() }),
    ...(type === 'fusion' && { adapters: adapters.optional() }),
    ...start,
  });
}

const types = say`one of the types ${METHOD_TYPES.map((type) => `"${type}"`).join(', ')}`;

const aMethod = say`a method such as {"type": "lora"}, of ${types}`;

type OneInput<Options> = Options extends MethodOptions
  ? Pick<Options, 'type'> & Partial<Omit<Options, 'type'>> & Pick<MethodStart, keyof MethodStart>
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
export type MethodSpec = MethodOptions & MethodStart;

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
  const { init, initWeights = 'equal', initLike } = one;
  if (Array.isArray(init) && one.type !== 'prompt')
    throw fieldError(`${where}.init`, init, say`one folder: several are for the method "prompt"`);
  if (!Array.isArray(init))
    for (const name of ['initWeights', 'initLike'] as const)
      if (one[name] !== undefined)
        throw fieldError(
          `${where}.${name}`,
          one[name],
          say`it to be left out, since ${field(`${where}.init`)} is no list of prompts`,
        );
  if (initWeights !== 'equal' && initLike === undefined)
    throw fieldError(
      `${where}.initLike`,
      undefined,
      say`a folder with a prompt of this task, since ${field(`${where}.initWeights`)} is "${initWeights}"`,
    );
  if (one.type === 'ipt') checkSubspace(one, where);
  if (one.type !== 'multitaskPrompt' || init !== undefined) return;
  if (one.initialization === undefined || ['random', 'vocab'].includes(one.initialization)) return;
  throw fieldError(
    `${where}.init`,
    undefined,
    say`the folder of a multitask prompt, since ${field(`${where}.initialization`)} is "${one.initialization}"`,
  );
}

/** Prompts make a new subspace; a run to start from brings its own. */
function checkSubspace({ prompts, init }: Extract<MethodInput, { type: 'ipt' }>, where: string): void {
  if (prompts === undefined && init === undefined)
    throw fieldError(
      `${where}.prompts`,
      undefined,
      say`${promptFolders}, or ${field(`${where}.init`)} with a run of "ipt" in whose subspace this one goes on`,
    );
  if (prompts !== undefined && init !== undefined)
    throw fieldError(
      `${where}.prompts`,
      prompts,
      say`it to be left out, since ${field(`${where}.init`)} brings a subspace`,
    );
}

function completeOne(
  { init, initForce, initWeights, initLike, ...options }: MethodInput,
  task: Task | undefined,
  preset: Preset | undefined,
): MethodSpec {
  const own =
    task === 'text2text' && options.type === 'ia3' ? { targets: [...IA3_TEXT_TO_TEXT_TARGETS] } : {};
  const studied = preset === 'study' ? STUDY_OPTIONS[options.type] : undefined;
  const standard = { ...defaultOptions(options.type), ...own, ...studied };
  const completed = { ...standard, ...given(options) } as MethodOptions;
  const weights = Array.isArray(init) ? { initWeights: initWeights ?? ('equal' as const), initLike } : {};
  return { ...completed, ...given({ init, initForce, ...weights }) };
}

/** Without the fields that say `undefined`, which would hide a default. */
function given<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}
