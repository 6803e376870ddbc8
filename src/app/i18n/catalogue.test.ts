/** Every sentence that the engine can send to the page has its Chinese, and nothing else has. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsOfText, literalsOf, sentencesIn } from '../../../tests/support/sentence-keys.ts';
import { CHINESE, TABLES } from './zh/said/catalogue.ts';

const SOURCES = path.join(import.meta.dirname, '../..');

/** Files whose sentences no page shows. */
const NOT_ON_THE_PAGE: Readonly<Record<string, string>> = {
  'gpu/node-adapter.ts': 'adapters of the command line and the benches',
  'gpu/profile.ts': 'profiles of the benches',
  'runs/record.ts': 'run.json is read by the command line',
};

/** Literals that are no words: names and code, the same in every language. */
const NO_WORDS = new Set([
  '{"text": …, "label": …}',
  'text2text',
  'maskedLm',
  'classification',
  'untyped',
  'default',
  'null',
]);

const all = sentencesIn(SOURCES);
const shown = all.filter(({ file }) => !(file in NOT_ON_THE_PAGE));
const keys = new Set(shown.map(({ key }) => key));

/** Places of a key or of its translation, in order; an error in its braces as text. */
function places(text: string): string[] {
  const rest = text.replace(/\{\{|\}\}/g, '').replace(/\{\d+\}/g, '');
  const found = text.replace(/\{\{|\}\}/g, '').match(/\{\d+\}/g) ?? [];
  return /[{}]/.test(rest) ? ['braces'] : [...new Set(found)].sort();
}

describe('the Chinese catalogue', () => {
  it('has every sentence of the engine', () => {
    expect(shown.length).toBeGreaterThan(500);
    const untold = shown.filter(({ key }) => !Object.hasOwn(CHINESE, key));
    expect(untold.map(({ file, line, key }) => `${file}:${line}: ${key}`)).toEqual([]);
  });

  it('puts no quotes around a value that the English has none around: fields bring their own', () => {
    const doubled = Object.entries(CHINESE).filter(([key, text]) =>
      [...text.matchAll(/“(\{\d+\})”/g)].some(
        ([, place]) => !/["“']/.test(key[key.indexOf(place) - 1] ?? ''),
      ),
    );
    expect(doubled).toEqual([]);
  });

  it('has no other, and none twice', () => {
    expect(Object.keys(CHINESE).filter((key) => !keys.has(key))).toEqual([]);
    const count = Object.values(TABLES).reduce((sum, table) => sum + Object.keys(table).length, 0);
    expect(Object.keys(CHINESE)).toHaveLength(count);
  });

  it('has the values of each, and speaks Chinese', () => {
    for (const [key, chinese] of Object.entries(CHINESE)) {
      expect([key, places(chinese)]).toEqual([key, places(key)]);
      const words = key.replace(/\{\d+\}/g, '').match(/\p{L}{2,}/gu) ?? [];
      if (words.length > 1) expect(chinese).toMatch(/\p{Script=Han}/u);
    }
  });

  it('needs no exception that is not used', () => {
    const files = new Set(all.map(({ file }) => file));
    expect(Object.keys(NOT_ON_THE_PAGE).filter((file) => !files.has(file))).toEqual([]);
  });
});

describe('the values of sentences', () => {
  it('are no words of ours: those are sentences themselves', () => {
    const words = shown.flatMap((sentence) =>
      sentence.values
        .flatMap((value) => literalsOf(value))
        .filter((text) => /\p{L}{2}/u.test(text) && !NO_WORDS.has(text))
        .map((text) => `${sentence.file}:${sentence.line}: ${text}`),
    );
    expect(words).toEqual([]);
  });

  it('are found where they stand', () => {
    const [sentence] = sentencesIn(SOURCES, {
      'a.ts': `const NAME = 'two words'; say\`\${x ? 'one' : y ?? \`two \${z}\`} {of} \${NAME}\`;`,
    });
    expect(sentence).toMatchObject({ file: 'a.ts', line: 1, key: '{0} {{of}} {1}' });
    expect(sentence.values.map((value) => literalsOf(value))).toEqual([['one', 'two '], ['two words']]);
  });
});

it('errors are made of sentences, never of plain text', () => {
  expect(errorsOfText(SOURCES)).toEqual([]);
  expect(errorsOfText(path.join(SOURCES, '../cli'))).toEqual([]);
  expect(
    errorsOfText(SOURCES, { 'a.ts': `new StudioError('data', 'plain', {}); notes.push(\`a note\`);` }),
  ).toEqual([`a.ts:1: 'plain'`, 'a.ts:1: `a note`']);
});
