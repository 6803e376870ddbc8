/** The command line's grammar: verbs, their flags, and what to say when they are used wrongly. */
import { parseArgs } from 'node:util';
import { METHOD_TYPES } from '../src/deltas/defaults.ts';
import { isMethodType } from '../src/runs/spec-method.ts';

/** Wrong usage: exit status 2. */
export class UsageError extends Error {
  declare protected readonly nominal: true;
  override readonly name = 'UsageError';
}

interface Flag {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** What stands for its value in the help. */
  value?: string;
  help: string;
}

const FLAGS = {
  spec: { type: 'string', value: 'FILE', help: 'run spec (JSON)' },
  out: { type: 'string', value: 'DIR', help: 'folder to write to' },
  run: { type: 'string', value: 'DIR', help: 'folder of a finished run' },
  runs: {
    type: 'string',
    value: 'A,B,...',
    help: 'folders of runs, or of PEFT adapters, separated by commas',
  },
  how: { type: 'string', value: 'HOW', help: 'linear, ties, dare, dare-ties, svd or lorahub' },
  weights: { type: 'string', value: '1,0.5,...', help: 'weight of each (equal shares of 1; of ties 1 each)' },
  density: { type: 'string', value: 'SHARE', help: 'share of entries that ties and dare keep (0.5)' },
  rank: { type: 'string', value: 'R', help: 'rank of the LoRA that is written' },
  examples: { type: 'string', value: 'N', help: 'rows of --data that lorahub looks at (all)' },
  seed: { type: 'string', value: 'N', help: 'seed of what is drawn (42)' },
  to: { type: 'string', value: 'lora', help: 'what to make of the run' },
  task: { type: 'string', value: 'NAME', help: 'which task of a run of several' },
  data: { type: 'string', value: 'FILE', help: 'data file with the columns the run was trained on' },
  text: {
    type: 'string',
    multiple: true,
    value: 'TEXT',
    help: 'a text, of inspect a column of texts; may be given several times',
  },
  text2: { type: 'string', multiple: true, value: 'TEXT', help: 'second text of a pair, in the same order' },
  sentence: { type: 'string', value: 'TEXT', help: 'a sentence to show the token ids of' },
  label: { type: 'string', value: 'COLUMN', help: 'the column of labels' },
  encoding: { type: 'string', value: 'LABEL', help: 'encoding of a data file, such as shift_jis' },
  header: { type: 'string', value: 'true|false', help: 'whether the first row names the columns' },
  lines: {
    type: 'string',
    value: 'FILE',
    help: 'a UTF-8 file, one sentence a line, to show the token ids of',
  },
  methods: { type: 'string', value: 'full,lora,...', help: 'methods, separated by commas' },
  minutes: { type: 'string', value: 'N', help: 'minutes that all pilots together may take (5)' },
  memory: { type: 'string', value: 'MIB', help: 'MiB that a run may hold (half of what the machine has)' },
  batch: { type: 'string', value: '1,8,...', help: 'batch sizes, separated by commas' },
  limits: {
    type: 'string',
    value: 'default',
    help: 'plan for the least GPU: WebGPU’s default limits, whatever is here',
  },
  format: { type: 'string', value: 'peft|onnx', help: 'what to export' },
  adapter: { type: 'string', value: 'NAME', help: 'gpu, wasm (the processor), swiftshader or lavapipe' },
  tune: {
    type: 'string',
    value: 'off|quick|full',
    help: 'choose a GPU’s kernels by measuring them: within two seconds (quick, of a real GPU), or all (full)',
  },
  resume: {
    type: 'string',
    value: '[DIR]',
    help: 'go on with what is in DIR, or in --out; --spec may be left out',
  },
  force: { type: 'boolean', help: 'take another base model than the one the run was trained on' },
  seeds: { type: 'string', value: 'N', help: 'seeds of each cell (3)' },
  'dry-run': { type: 'boolean', help: 'print the cells, and write nothing' },
  engine: { type: 'string', value: 'local|ray', help: 'what runs the cells: this process, or a Ray cluster' },
  'export-scripts': {
    type: 'string',
    value: 'DIR',
    help: 'write the cells as PEFT and Accelerate scripts there, and run nothing',
  },
  cells: { type: 'string', value: 'IDS', help: 'run these cells alone, and what they start from' },
  lang: { type: 'string', value: 'en|zh', help: 'language of the verdict and the report' },
  json: { type: 'boolean', help: 'print one JSON document on standard output' },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

interface Verb {
  summary: string;
  required: readonly FlagName[];
  optional: readonly FlagName[];
  /** Name of the one positional argument, if it takes one. */
  positional?: string;
  /** What a flag means here, where it is something of its own. */
  help?: Partial<Record<FlagName, string>>;
}

const MOVES = { force: 'move an earlier run in --out to DIR.previous' };

export const VERBS = {
  inspect: {
    summary:
      'architecture, roles, tensors and what is unsupported; token ids of sentences; how a data file reads',
    required: [],
    optional: ['sentence', 'lines', 'text', 'label', 'encoding', 'header', 'json'],
    positional: 'MODEL|DATA',
  },
  plan: {
    summary: 'predict memory by category for methods and batch sizes',
    required: ['spec'],
    optional: ['batch', 'methods', 'adapter', 'limits', 'json'],
  },
  train: {
    summary: 'train one method',
    required: ['spec', 'out'],
    optional: ['resume', 'force', 'adapter', 'tune', 'json'],
    help: MOVES,
  },
  compare: {
    summary: 'train several methods on the same rows',
    required: ['spec', 'out'],
    optional: ['methods', 'resume', 'force', 'adapter', 'tune', 'lang', 'json'],
    help: MOVES,
  },
  rates: {
    summary: 'find a learning rate for each method by a range test',
    required: ['spec', 'out'],
    optional: ['methods', 'force', 'adapter', 'tune', 'json'],
    help: MOVES,
  },
  advise: {
    summary: 'find out by short pilots which method and rate to take',
    required: ['spec', 'out'],
    optional: ['minutes', 'methods', 'memory', 'resume', 'force', 'adapter', 'tune', 'json'],
    help: { ...MOVES, resume: 'go on with the pilots in DIR, or in --out; --spec may be left out' },
  },
  study: {
    summary: 'an experiment of the study of delta tuning; run again to go on',
    required: ['spec', 'out'],
    optional: [
      'seeds',
      'methods',
      'dry-run',
      'engine',
      'export-scripts',
      'cells',
      'adapter',
      'tune',
      'lang',
      'json',
    ],
    positional: 'EXPERIMENT',
  },
  evaluate: {
    summary: 'metrics of a finished run on a data file',
    required: ['run', 'data'],
    optional: ['task', 'batch', 'force', 'adapter', 'json'],
  },
  predict: {
    summary: 'what a finished run makes of texts',
    required: ['run', 'text'],
    optional: ['task', 'text2', 'force', 'adapter', 'json'],
  },
  export: {
    summary: 'write a finished run in another format',
    required: ['run', 'format', 'out'],
    optional: ['task', 'force', 'adapter', 'json'],
  },
  merge: {
    summary: 'several LoRAs of one model as one',
    required: ['runs', 'how', 'out'],
    optional: ['weights', 'density', 'rank', 'data', 'examples', 'seed', 'adapter', 'json'],
    help: { data: 'of lorahub: examples of the new task, with the columns of the first run' },
  },
  convert: {
    summary: 'a run of another method as a LoRA',
    required: ['run', 'to', 'rank', 'out'],
    optional: ['force', 'adapter', 'json'],
  },
} as const satisfies Record<string, Verb>;

export type VerbName = keyof typeof VERBS;

export interface Arguments {
  verb: VerbName;
  /** The positional argument. */
  target?: string;
  flags: {
    [Name in FlagName]?: (typeof FLAGS)[Name] extends { type: 'boolean' }
      ? boolean
      : (typeof FLAGS)[Name] extends { multiple: true }
        ? string[]
        : string;
  };
  json: boolean;
}

export type Command =
  /** Of all verbs, or of one. */
  { kind: 'help'; verb?: VerbName } | { kind: 'version' } | { kind: 'run'; args: Arguments };

function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name);
}

/** @throws UsageError */
export function parseCommand(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return { kind: 'help', verb: rest[0] !== undefined && isVerb(rest[0]) ? rest[0] : undefined };
  }
  if (first === '--version') return { kind: 'version' };
  if (!isVerb(first)) {
    throw new UsageError(`there is no verb "${first}"; choose one of ${Object.keys(VERBS).join(', ')}`);
  }
  if (rest.includes('--help') || rest.includes('-h')) return { kind: 'help', verb: first };
  return { kind: 'run', args: parseVerb(first, rest) };
}

function parseVerb(verb: VerbName, rest: readonly string[]): Arguments {
  const { required, optional, positional }: Verb = VERBS[verb];
  const names = [...required, ...optional];
  const options = Object.fromEntries(
    names.map((name) => [name, { type: FLAGS[name].type, multiple: 'multiple' in FLAGS[name] }]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args: withBareResume(rest), options, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(
      `${verb}: ${message.replace(/\.$/, '')}; it takes ${names.map((n) => `--${n}`).join(', ')}`,
    );
  }
  const wanted = positional === undefined ? 0 : 1;
  if (parsed.positionals.length !== wanted) {
    throw new UsageError(
      parsed.positionals.length > wanted
        ? `${verb}: unexpected argument "${parsed.positionals[wanted]}"`
        : `${verb}: ${positional} is missing`,
    );
  }
  const { json, ...flags } = parsed.values;
  if (flags.resume !== undefined) checkResume(verb, flags);
  else
    for (const name of required) {
      if (flags[name] === undefined || flags[name] === '')
        throw new UsageError(`${verb}: --${name} is missing`);
    }
  return {
    verb,
    ...(positional !== undefined && { target: parsed.positionals[0] }),
    flags,
    json: json === true,
  };
}

/** `--resume` alone goes on with what is in `--out`. */
function withBareResume(args: readonly string[]): string[] {
  return args.map((arg, i) => {
    const next = args[i + 1];
    return arg === '--resume' && (next === undefined || next.startsWith('-')) ? '--resume=' : arg;
  });
}

/** @throws UsageError when it is not clear what goes on */
function checkResume(verb: VerbName, flags: Partial<Record<string, unknown>>): void {
  const { resume, out, force } = flags;
  if (resume === '' && (out === undefined || out === ''))
    throw new UsageError(`${verb}: --resume needs a folder, or --out`);
  if (resume !== '' && out !== undefined && out !== resume)
    throw new UsageError(`${verb}: --resume and --out name two folders; leave out --out`);
  if (force === true)
    throw new UsageError(`${verb}: --resume goes on with a run and --force moves it away; choose one`);
}

/** `a,b,c` without blanks. @throws UsageError when nothing is in it */
export function commaList(flag: FlagName, value: string): string[] {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new UsageError(`--${flag}: got "${value}"; expected ${FLAGS[flag].help}`);
  return parts;
}

/** Method names of `--methods`, undefined without it. @throws UsageError for a name that is none */
export function methodList(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  const names = commaList('methods', value);
  const unknown = names.find((name) => !isMethodType(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--methods: there is no method "${unknown}"; choose from ${METHOD_TYPES.join(', ')}`,
    );
  }
  return names;
}

/** A number above zero. @throws UsageError */
export function positiveNumber(flag: FlagName, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0)
    throw new UsageError(`--${flag}: got "${value}"; expected a number above 0`);
  return number;
}

/** `true` or `false`; undefined for `auto` and without the flag. @throws UsageError */
export function trueOrFalse(flag: FlagName, value: string | undefined): boolean | undefined {
  if (value === undefined || value === 'auto') return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new UsageError(`--${flag}: got "${value}"; expected true, false or auto`);
}

/** A language that sentences are told in. @throws UsageError */
export function languageOf(value: string | undefined): 'en' | 'zh' {
  if (value === undefined || value === 'en' || value === 'zh') return value ?? 'en';
  throw new UsageError(`--lang: got "${value}"; expected en or zh`);
}

/** Positive integers, separated by commas. @throws UsageError */
export function integerList(flag: FlagName, value: string): number[] {
  return commaList(flag, value).map((part) => {
    if (!/^[1-9]\d*$/.test(part))
      throw new UsageError(`--${flag}: got "${part}"; expected an integer from 1`);
    return Number(part);
  });
}

/** Numbers, separated by commas. @throws UsageError */
export function numberList(flag: FlagName, value: string): number[] {
  return commaList(flag, value).map((part) => {
    const number = Number(part);
    if (!Number.isFinite(number)) throw new UsageError(`--${flag}: got "${part}"; expected a number`);
    return number;
  });
}

function usageLine(name: VerbName): string {
  const { required, optional, positional }: Verb = VERBS[name];
  const show = (flag: FlagName) => {
    const { value }: Flag = FLAGS[flag];
    return `--${flag}${value === undefined ? '' : ` ${value}`}`;
  };
  const parts = [positional, ...required.map(show), ...optional.map((flag) => `[${show(flag)}]`)];
  return `delta ${name} ${parts.filter((part) => part !== undefined).join(' ')}`;
}

/** Help of one verb or of all. */
export function helpText(verb?: VerbName): string {
  if (verb === undefined) {
    const lines = (Object.keys(VERBS) as VerbName[]).map(
      (name) => `  ${name.padEnd(9)} ${VERBS[name].summary}`,
    );
    return [
      'Usage: delta VERB ...',
      '',
      ...lines,
      '',
      'delta help VERB tells its flags. Exit status: 0 done, 1 failure, 2 wrong usage.',
      '',
    ].join('\n');
  }
  const { required, optional, help }: Verb = VERBS[verb];
  const flags = [...required, ...optional].map(
    (name) => `  --${name.padEnd(8)} ${help?.[name] ?? FLAGS[name].help}`,
  );
  return [`Usage: ${usageLine(verb)}`, '', VERBS[verb].summary, '', ...flags, ''].join('\n');
}
