/** Every sentence that the engine can send to the page has its Chinese: a new one without it fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { EngineSources } from '../../../../tests/support/engine-sentences.ts';
import { resultsOf, visitAll } from '../../../../tests/support/engine-syntax.ts';
import { said } from './say.ts';

const SOURCES = path.join(import.meta.dirname, '../../..');

/** Files whose sentences no page shows. */
const NOT_ON_THE_PAGE: Readonly<Record<string, string>> = {
  'gpu/node-adapter.ts': 'adapters of the command line and the benches',
  'gpu/profile.ts': 'profiles of the benches',
  'runs/record.ts': 'run.json is read by the command line',
};

/** Values that are parts of sentences, and come by ways that are not followed: one of those there are. */
const SAMPLES: Readonly<Record<string, string>> = {
  // What is wrong with a row: all of them are read below.
  'data/table/row-problems.ts first.problem':
    'the text in column "7" is empty; fill it in or remove the line',
  'data/table/row-problems.ts problem': 'the text in column "7" is empty; fill it in or remove the line',
  'data/table/row-problems.ts problem.split(/; (?!.*; )/)[0]': 'the text in column "7" is empty',
  'data/rows.ts what': 'target',
  // The CSV reader's own words: none are known beside those that we replace.
  'data/table/csv.ts error.message':
    'a quoted field goes on after its closing quote; double the quotes inside it ("")',
  // What a field accepts: all of it is read below.
  'runs/refusal.ts first.message': 'true or false',
  // The value of a field in JSON, with its kind in words.
  'runs/refusal.ts valueText(got)': '7 (a number)',
  'runs/refusal.ts valueText(value)': '7 (a number)',
  // Why a model is refused: read below.
  'onnx/refuse.ts why': 'is a function that the model defines itself',
  'onnx/refuse.ts remedy': 'export the model with its functions inlined',
  // A sentence of `readSpec`, and one of those that a run ends with.
  'runs/link.ts cause.message': 'the spec: missing; expected true or false',
  'runs/link.ts String(cause)': 'the spec: missing; expected true or false',
  'worker/comparison.ts outcome.end.message':
    'the loss became NaN at step 7; set training.optimizer.warmupInit, or a learningRate of your own',
  // Why a zip or what is stored does not read: all of it is read below.
  'runs/archive.ts error.why': 'it is encrypted; save it without a password',
  'runs/storage/stored-schema.ts reason': 'the spec: missing; expected true or false',
  // The same sentence about another place.
  'deltas/compose.ts moved(error.message)': 'method[7]: got no target; name at least one, such as "q".',
};

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('app/'));
const engine = new EngineSources(
  new Map(files.map((file) => [file, readFileSync(path.join(SOURCES, file), 'utf8')])),
  SAMPLES,
);

/** Expressions in a file that become sentences or parts of them, with what stands around a part. */
function* expressions(file: string, node: ts.Node): Generator<[ts.Expression, (text: string) => string[]]> {
  const whole = (text: string): string[] => [text];
  const inRow = (text: string): string[] => [
    `a.csv, line 7: ${text}.`,
    // Where such rows are left out, what is to be done is too.
    `a.csv: 7 rows were left out; line 7: ${text.split(/; (?!.*; )/)[0]}.`,
  ];
  if (ts.isNewExpression(node)) {
    const name = node.expression.getText();
    if (name === 'StudioError') yield [node.arguments![1], whole];
    // What the reading of a graph throws is put into a sentence by `specialise`.
    if (name === 'Error' && file.startsWith('graph/onnx-ops/')) yield [node.arguments![0], whole];
  }
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText();
    if (called === 'notes.push') for (const one of node.arguments) yield [one, whole];
    if (called === 'this.ragged.add') yield [node.arguments[1], inRow];
    if (called === 'parts.push' && file === 'data/batching/encoded.ts')
      yield [node.arguments[0], (text) => [`a.csv: ${text}.`]];
  }
  if (ts.isFunctionDeclaration(node)) {
    const name = node.name?.text ?? '';
    const frame = file === 'data/rows.ts' ? inRow : whole;
    if (/^(textProblem|classOf|numberOf)$|(Note|Sentence)$/.test(name))
      for (const result of resultsOf(node)) yield [result, frame];
  }
  if (ts.isMethodDeclaration(node) && node.name.getText() === 'note')
    for (const result of resultsOf(node)) yield [result, whole];
  if (
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isVariableDeclaration(node)
  ) {
    const name = node.name.getText();
    const value = ts.isShorthandPropertyAssignment(node) ? node.name : node.initializer;
    if (!value) return;
    if (name === 'error' && file.startsWith('runs/'))
      yield [value, (text) => [`a.b: got 7 (a number); expected ${text}`]];
    if (/^(why|remedy)$/.test(name) && file.startsWith('onnx/')) yield [value, whole];
    if (name === 'message' && ts.isVariableDeclaration(node)) yield [value, whole];
    if (/^(notes|said)$/.test(name) && ts.isArrayLiteralExpression(value))
      for (const one of value.elements) if (!ts.isSpreadElement(one)) yield [one, whole];
  }
}

/** What the engine says: sentences, each with its file. */
function sentences(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [file, source] of engine.files) {
    if (file in NOT_ON_THE_PAGE) continue;
    visitAll(source, (node) => {
      for (const [expression, framed] of expressions(file, node))
        for (const text of engine.read(expression))
          // Values alone say nothing, and defects of ours are not translated.
          if (/\p{L}{2}/u.test(text) && !text.startsWith('internal:'))
            for (const sentence of framed(text)) found.set(sentence, file);
    });
  }
  return found;
}

describe('the reading of sources', () => {
  const sources = new EngineSources(
    new Map([
      [
        'a/error.ts',
        `export const NAMES = { a: 'an apple', b: 'a pear' };
         export function wrong(file: string, what: string) { throw new E(\`\${file}: \${what}.\`); }`,
      ],
      [
        'b.ts',
        `import { NAMES, wrong as fail } from './a/error.ts';
         function eat(kind: 'a' | 'b', many: boolean) {
           const fruit = NAMES[kind];
           fail('b.csv', many ? \`\${kind} of \${fruit} is\` + ' much' : 'nothing');
         }`,
      ],
    ]),
    { 'b.ts kind': 'half' },
  );

  it('follows a sentence to all that it is made from', () => {
    const found: string[] = [];
    for (const file of sources.files.values())
      visitAll(file, (node) => {
        if (ts.isNewExpression(node)) found.push(...sources.read(node.arguments![0]));
      });
    expect(found.sort()).toEqual([
      'b.csv: half of a pear is much.',
      'b.csv: half of an apple is much.',
      'b.csv: nothing.',
    ]);
    expect(sources.unused.size).toBe(0);
  });
});

describe('what the engine says', () => {
  const all = sentences();

  it('is found', () => {
    expect(all.size).toBeGreaterThan(400);
  });

  it('has its Chinese', () => {
    const untold = [...all].filter(([sentence]) => said(sentence, 'zh').includes('引擎原文'));
    expect(untold.map(([sentence, file]) => `${file}: ${sentence}`)).toEqual([]);
  });

  it('needs no exception that is not used', () => {
    expect([...engine.unused]).toEqual([]);
    expect(Object.keys(NOT_ON_THE_PAGE).filter((file) => !engine.files.has(file))).toEqual([]);
  });
});
