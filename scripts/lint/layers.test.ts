import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { STAGES, importProblem, stageOf } from './layers.js';

const root = path.resolve(import.meta.dirname, '../..');

describe('the layering rule', () => {
  it('lets a stage import earlier stages and its own', () => {
    expect(importProblem('src/plan/plan.ts', '../graph/program.ts')).toBeNull();
    expect(importProblem('src/train/loop.ts', '../data/batch.ts')).toBeNull();
    expect(importProblem('src/app/main.tsx', '../protocol/messages.ts')).toBeNull();
  });

  it('lets every stage import the shared base', () => {
    expect(importProblem('src/onnx/read.ts', '../graph/source.ts')).toBeNull();
    expect(importProblem('src/onnx/read.ts', '../errors.ts')).toBeNull();
  });

  it('refuses an import of a later stage', () => {
    expect(importProblem('src/graph/passes.ts', '../plan/plan.ts')).toMatch(/graph comes before plan/);
    expect(importProblem('src/onnx/read.ts', '../graph/roles.ts')).toMatch(/onnx comes before graph/);
  });

  it('keeps React in the app and Node out of src', () => {
    expect(importProblem('src/train/loop.ts', 'react')).toMatch(/only src\/app/);
    expect(importProblem('src/train/loop.ts', 'zustand')).toMatch(/only src\/app/);
    expect(importProblem('src/protocol/store.ts', 'zustand/vanilla')).toBeNull();
    expect(importProblem('src/app/chart.tsx', 'recharts')).toBeNull();
    expect(importProblem('src/data/read.ts', 'node:fs')).toMatch(/Node modules/);
    expect(importProblem('src/gpu/node-adapter.ts', 'node:fs')).toBeNull();
  });

  it('keeps the command line off the page', () => {
    expect(importProblem('cli/train.ts', '../src/app/store.ts')).toMatch(/not the page/);
    expect(importProblem('cli/verdict.ts', '../src/app/i18n/said.ts')).toBeNull();
    expect(importProblem('cli/train.ts', '../src/train/loop.ts')).toBeNull();
  });

  it('knows every folder under src', () => {
    for (const entry of readdirSync(path.join(root, 'src'), { withFileTypes: true })) {
      if (entry.isDirectory())
        expect(stageOf(`src/${entry.name}/x.ts`), entry.name).toBeGreaterThanOrEqual(0);
    }
    expect(new Set(STAGES.flat()).size).toBe(STAGES.flat().length);
  });
});

/** Every TypeScript file below a folder, relative to the root. */
function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/** Every module that a file names: imports, exports from elsewhere, imports of types and at run time. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const { module } = parseSync(file, text);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
    ...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, name]) => name),
  ];
}

/** Import cycles as paths `a → b → a`, one for each strongly connected pair first met. */
function findCycles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    state.set(file, 'open');
    trail.push(file);
    for (const next of imports.get(file) ?? []) {
      if (state.get(next) === 'open') cycles.push([...trail.slice(trail.indexOf(next)), next].join(' → '));
      else if (!state.has(next)) visit(next);
    }
    trail.pop();
    state.set(file, 'done');
  };
  for (const file of imports.keys()) if (!state.has(file)) visit(file);
  return cycles;
}

describe('imports', () => {
  it('finds a cycle where there is one', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    expect(findCycles(imports)).toEqual(['a → b → c → a']);
  });

  it('have no cycles in src, cli and bench, types included', () => {
    const imports = new Map<string, string[]>();
    for (const file of [...sources('src'), ...sources('cli'), ...sources('bench')]) {
      imports.set(
        file,
        importsOf(file)
          .filter((name) => name.startsWith('.'))
          .map((name) => path.normalize(path.join(path.dirname(file), name))),
      );
    }
    expect(imports.size).toBeGreaterThan(10);
    expect(findCycles(imports)).toEqual([]);
  });
});
