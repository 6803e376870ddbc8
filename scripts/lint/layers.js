/**
 * Lint rule for the direction of imports. Stages of the pipeline may import earlier stages and
 * their own, never later ones; React stays in `src/app`; Node stays out of `src` (except the files that
 * say so in their name). The list below is the architecture; see DESIGN in the README.
 */
import path from 'node:path';

/**
 * Stages from first to last. Folders of one stage may import each other.
 * @type {readonly (readonly string[])[]}
 */
export const STAGES = [
  ['onnx'],
  ['graph'],
  ['deltas'],
  ['autodiff'],
  ['plan'],
  ['gpu', 'cpu'],
  ['data', 'models', 'runs', 'train'],
  ['measure'],
  ['evidence'],
  ['advice'],
  ['study'],
  ['protocol'],
  ['worker'],
  ['app'],
];

/** Files that every stage may import: data types and helpers that import nothing beyond themselves. */
export const SHARED = [
  'src/errors.ts',
  'src/question.ts',
  'src/sentence.ts',
  'src/entry-of.ts',
  'src/json.ts',
  'src/steps.ts',
  'src/graph/source.ts',
  'src/graph/tensor.ts',
  'src/graph/philox.ts',
  'src/train/events.ts',
  'src/data/batch.ts',
];

const ONLY_IN_APP = /^(react|react-dom|recharts)(\/|$)|^zustand$|^zustand\/(react|shallow|traditional)/;

/**
 * The stage of a repository path, or -1 for files outside `src` and files directly under it.
 * @param {string} file path with forward slashes, relative to the root
 */
export function stageOf(file) {
  const folder = /^src\/([^/]+)\//.exec(file)?.[1];
  return folder === undefined ? -1 : STAGES.findIndex((folders) => folders.includes(folder));
}

/**
 * Why `file` may not import `specifier`, or null when it may.
 * @param {string} file importing file, relative to the root, forward slashes
 * @param {string} specifier as written in the import
 * @returns {string | null}
 */
export function importProblem(file, specifier) {
  if (!file.startsWith('src/')) {
    // What sentences are in another language is data, of the page and of reports alike.
    if (specifier.endsWith('src/app/i18n/said.ts')) return null;
    if (file.startsWith('cli/') && /(^|\/)src\/(app|worker)\//.test(specifier)) {
      return 'the command line uses the engine, not the page: src/app and src/worker are out of bounds';
    }
    return null;
  }
  const test = /\.test\.tsx?$/.test(file);
  if (specifier.startsWith('node:')) {
    const allowed = test || /^src\/[gc]pu\/node[^/]*\.(ts|mjs)$/.test(file);
    return allowed ? null : 'only node*.ts of src/gpu and src/cpu, and tests, may import Node modules';
  }
  if (!specifier.startsWith('.')) {
    return ONLY_IN_APP.test(specifier) && !file.startsWith('src/app/')
      ? `only src/app may import ${specifier}`
      : null;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  if (!target.startsWith('src/')) {
    return test ? null : `${specifier} lies outside src`;
  }
  if (SHARED.includes(target) || test) return null;
  const from = stageOf(file);
  const to = stageOf(target);
  if (from === -1) return null;
  if (to === -1) return `${target} belongs to no stage; move it into one or list it as shared`;
  return to > from
    ? `${STAGES[from].join('/')} comes before ${STAGES[to].join('/')}: imports point back along the pipeline`
    : null;
}

/**
 * What a rule of the linter is given.
 * @typedef {object} Context
 * @property {string} cwd
 * @property {string} filename
 * @property {(problem: { node: object, messageId: string, data?: Record<string, string> }) => void} report
 */

/** The rule, as oxlint takes it. */
const rule = {
  meta: {
    type: 'problem',
    docs: { description: 'imports point back along the pipeline' },
    schema: [],
    messages: { layer: '{{reason}}.' },
  },
  /** @param {Context} context */
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    /** @param {{ source?: { value?: unknown } | null }} node */
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const reason = importProblem(file, specifier);
      if (reason !== null) context.report({ node, messageId: 'layer', data: { reason } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export default rule;
