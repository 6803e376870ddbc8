/** Our training against PyTorch with PEFT on the processor, all recorded cases; see support/check-oracle.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { checkOracle } from '../support/check-oracle.ts';
import { ORACLES, oracleCases, oracleFamilies } from '../support/oracle.ts';

let studio: Studio;

beforeAll(async () => {
  ({ studio } = await openNodeStudio(process.env.DELTA_ADAPTER || 'wasm'));
});
afterAll(() => studio.destroy());

describe.each(oracleFamilies())('%s', (family) => {
  it.each(oracleCases(family).map((oracle) => [oracle.case, oracle] as const))(
    '%s',
    async (_name, oracle) => {
      await checkOracle(studio, oracle);
    },
  );
});

describe('fixtures', () => {
  it('cover the methods and families the studio promises', () => {
    for (const family of ['bert', 'distilbert', 'roberta', 'albert', 'electra']) {
      const kin = ['bert', 'roberta', 'albert'].includes(family)
        ? [
            'sparse',
            'mask',
            'diffPruning',
            'vera',
            'adalora',
            'loha',
            'lokr',
            'compacter',
            'mam',
            'unipelt',
            'fusion',
            'said',
            'multitaskPrompt',
            'ipt',
          ]
        : [];
      const types = new Set(oracleCases(family).map((oracle) => oracle.method.type));
      expect([...types].sort()).toEqual(
        [
          'adapter',
          'bitfit',
          'full',
          'head',
          'ia3',
          'layernorm',
          'lora',
          'prefix',
          'prompt',
          'ptuning',
          ...kin,
        ].sort(),
      );
    }
    expect(JSON.parse(readFileSync(join(ORACLES, 'manifest.json'), 'utf8'))).toBeTypeOf('object');
  });
});
