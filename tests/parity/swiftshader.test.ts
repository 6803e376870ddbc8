/**
 * A part of the recorded trainings on WGSL kernels: every method once and every architecture at least once. All of
 * them run on the processor (oracle.test.ts, t5.test.ts), whose kernels are other ones of the same operators.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { AT_LENGTH } from '../support/at-length.ts';
import { checkOracle } from '../support/check-oracle.ts';
import { checkT5 } from '../support/check-t5.ts';
import { napping } from '../support/napping.ts';
import { oracleCases, oracleFamilies } from '../support/oracle.ts';
import { t5Cases, t5Families } from '../support/oracle-t5.ts';

/** Cases by family. */
const ENCODERS: Readonly<Record<string, readonly string[]>> = {
  bert: ['prefix', 'compacter', 'vera', 'mask', 'said', 'unipelt', 'multitask-prompt', 'fusion'],
  distilbert: ['adapter', 'head'],
  roberta: ['bitfit', 'loha', 'ptuning', 'sparse', 'ipt'],
  albert: ['ia3', 'lokr', 'adalora', 'diff-pruning', 'mam'],
  electra: ['layernorm', 'prompt', 'lora'],
  'bert-label-words': ['full'],
  'roberta-regression': ['full'],
};
const T5: Readonly<Record<string, readonly string[]>> = { t5: ['lora'], 't5-gated': ['full'] };
/** Those of them that `npm test` takes: an encoder and a decoder; the others run at length. */
const SOON = new Set(['electra: lora', 't5: lora']);

napping();
let studio: Studio;
beforeAll(async () => {
  ({ studio } = await openNodeStudio('swiftshader'));
});
afterAll(() => studio.destroy());

const listed = (table: Readonly<Record<string, readonly string[]>>): [string, string][] =>
  Object.entries(table).flatMap(([family, names]) => names.map((name): [string, string] => [family, name]));
const here = (table: Readonly<Record<string, readonly string[]>>): [string, string][] =>
  listed(table).filter(([family, name]) => SOON.has(`${family}: ${name}`) !== AT_LENGTH);

// Pipelines are compiled as they are first used.
const TIMEOUT = 300_000;

describe('on SwiftShader', { timeout: TIMEOUT }, () => {
  it.each(here(ENCODERS))('%s: %s', async (family, name) => {
    await checkOracle(
      studio,
      oracleCases(family).find((one) => one.case === name)!,
    );
  });

  it.each(here(T5))('%s: %s', async (family, name) => {
    await checkT5(
      studio,
      t5Cases(family).find((one) => one.case === name)!,
    );
  });

  it('leaves out no method and no architecture', () => {
    const methods = new Set(
      oracleFamilies().flatMap((family) => oracleCases(family).map((one) => one.method.type)),
    );
    const tried = listed(ENCODERS).map(
      ([family, name]) => oracleCases(family).find((one) => one.case === name)!.method.type,
    );
    expect([...new Set(tried)].sort()).toEqual([...methods].sort());
    // The others of a family's name differ in their heads alone.
    const architectures = (names: readonly string[]) =>
      [...new Set(names.map((name) => name.split('-')[0]))].sort();
    expect(architectures(Object.keys(ENCODERS))).toEqual(architectures(oracleFamilies()));
    expect(Object.keys(T5)).toEqual(t5Families().filter((family) => family !== 't5-merged'));
  });
});
