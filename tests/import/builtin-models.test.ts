/** The models that come along: what the page, their cards and their files say of them is the same. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { en } from '../../src/app/i18n/en.ts';
import { zh } from '../../src/app/i18n/zh.ts';
import { builtinFiles, isPair } from '../../src/models/builtin.ts';
import { loadModel } from '../../src/models/load.ts';
import { countParameters } from '../../src/models/model.ts';

const FOLDER = path.join(import.meta.dirname, '../../public/models');
const names = readdirSync(FOLDER);

it('are those that the page has a text for, in both languages', () => {
  expect(Object.keys(en.modelStep.builtin).sort()).toEqual([...names].sort());
  expect(Object.keys(zh.modelStep.builtin).sort()).toEqual([...names].sort());
});

describe.each(names)('%s', (name) => {
  it('has the files that the page asks for, and the size that is said', async () => {
    const files = modelFiles(`builtin:${name}`);
    expect(await files.list()).toEqual(expect.arrayContaining([...builtinFiles(name)]));
    const model = await loadModel(files, `builtin:${name}`);
    const parameters = countParameters(model);
    expect(en.modelStep.builtin[name]).toMatch(new RegExp(` ${(parameters / 1e6).toFixed(1)} M$`));
    expect(zh.modelStep.builtin[name]).toContain(`，${Math.round(parameters / 1e5) * 10} 万`);
    const card = readFileSync(path.join(FOLDER, name, 'README.md'), 'utf8');
    expect(card).toContain(` ${(parameters / 1e6).toFixed(2)} million`);
    const [, family, layers, width] = /^(\w+)-l(\d+)-h(\d+)$/.exec(name)!;
    expect(isPair(`builtin:${name}`)).toBe(family === 't5');
    const { config } = model;
    expect([
      config['num_hidden_layers'] ?? config['num_layers'],
      config['hidden_size'] ?? config['d_model'],
    ]).toEqual([Number(layers), Number(width)]);
  });
});
