import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The rules that refuse each of some files, under this project's configuration, in a project of their own. */
async function refusals(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lint-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const rules = readFileSync(path.join(root, '.oxlintrc.json'), 'utf8');
  writeFileSync(path.join(folder, '.oxlintrc.json'), rules.replaceAll('"./', `"${root}/`));
  const options = {
    strict: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2023',
    types: [],
  };
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, jsx: 'preserve' }, include: ['src'] }),
  );
  const said = await new Promise<string>((resolve) => {
    const bin = path.join(root, 'node_modules/.bin');
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
    const command = path.join(root, 'node_modules/oxlint/bin/oxlint');
    execFile(process.execPath, [command, '-f', 'unix'], { cwd: folder, env }, (_, stdout) => {
      resolve(stdout);
    });
  });
  const found: Record<string, string[]> = {};
  for (const [, file, rule] of said.matchAll(/^(.+?):\d+:\d+: .*\[Error\/(.+)\]$/gm))
    (found[file] ??= []).push(rule);
  return found;
}

it('keeps the layers, whatever the form of an import', async () => {
  const found = await refusals({
    'src/plan/plan.ts': "export * from '../graph/roles.ts';",
    'src/graph/roles.ts': 'export const role = 1;',
    'src/graph/a.ts': "import { role } from '../plan/plan.ts';\nexport const other = role;",
    'src/graph/b.ts': "export { role } from '../plan/plan.ts';",
    'src/graph/c.ts': "export * from '../plan/plan.ts';",
    'src/graph/d.ts': "export const plan = await import('../plan/plan.ts');",
  });
  expect(found).toEqual(
    Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`src/graph/${name}.ts`, ['delta(layers)']])),
  );
});

it('refuses what only types show', async () => {
  const given =
    'export declare const given: { wait(): Promise<void>; count: number; any: any; kind: "a" | "b" };\n';
  const cases: Record<string, string> = {
    'no-floating-promises': 'given.wait();',
    'no-misused-promises': 'if (given.wait()) void 0;',
    'await-thenable': 'await given.count;',
    'no-unsafe-assignment': 'export const x = given.any;',
    'no-unsafe-call': 'given.any();',
    'no-unsafe-member-access': 'void given.any.x;',
    'no-unnecessary-type-assertion': 'void (given.count as number);',
    'only-throw-error': 'throw given.count;',
    'no-base-to-string': 'void String({});',
    'switch-exhaustiveness-check': 'switch (given.kind) { case "a": break; }',
    'restrict-plus-operands': 'void (given.count + "x");',
    'restrict-template-expressions': 'void `${given}`;',
    'no-for-in-array': 'for (const x in [1]) void x;',
    'no-array-delete': 'const x = [1]; delete x[0];',
    'no-misused-spread': 'void { ...[1] };',
    'use-unknown-in-catch-callback-variable': 'given.wait().catch((e: string) => void e);',
    'no-deprecated': '/** @deprecated */ const old = 1; void old;',
    'no-unsafe-argument': 'const f = (n: number) => void n; f(given.any);',
    'no-unsafe-return': 'export const f = () => given.any;',
    'prefer-promise-reject-errors': 'void Promise.reject(1);',
    'no-unnecessary-type-parameters': 'export const f = <T>(x: T) => void x;',
  };
  const entries = Object.entries(cases);
  const found = await refusals({
    'src/given.ts': given,
    ...Object.fromEntries(
      entries.map(([rule, text]) => [
        `src/${rule}.ts`,
        `import { given } from './given.ts';\n${text}\nvoid given;`,
      ]),
    ),
  });
  const missed = entries.filter(([rule]) => !found[`src/${rule}.ts`]?.includes(`typescript(${rule})`));
  expect(missed.map(([rule]) => [rule, found[`src/${rule}.ts`]])).toEqual([]);
});

it('refuses classes that a look-alike passes for, hooks where none may be, and what is plainly wrong', async () => {
  const found = await refusals({
    'src/open.ts': 'export class Open { x = 1; }',
    'src/closed.ts':
      'export class Closed { #x = 1; get x() { return this.#x; } }\n' +
      'export class Branded extends Error { protected declare readonly nominal: true; }',
    'src/app/hook.ts':
      'declare const useState: () => number;\n' +
      'export function useThing(on: boolean) { return on ? useState() : 0; }',
    'src/unused.ts': 'const x = 1;\nexport {};',
    'src/equal.ts': 'export const same = (a: unknown) => a == 1;',
    'src/console.ts': 'console.log(1);',
    'src/kept.ts': '// eslint-disable-next-line eqeqeq\nexport const x = 1;',
    'src/long.ts': 'export {};\n'.repeat(501),
  });
  expect(found).toMatchObject({
    'src/open.ts': ['delta(nominal)'],
    'src/app/hook.ts': ['react-hooks(rules-of-hooks)'],
    'src/unused.ts': ['eslint(no-unused-vars)'],
    'src/equal.ts': ['eslint(eqeqeq)'],
    'src/console.ts': ['eslint(no-console)'],
    'src/long.ts': ['eslint(max-lines)'],
  });
  expect(found['src/closed.ts']).toBeUndefined();
});
