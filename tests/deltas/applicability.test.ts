/** Which methods a model takes, and why not where it does not. */
import { english } from '../../src/sentence.ts';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { applicability, obstacle } from '../../src/deltas/catalogue.ts';
import { attachAll } from '../../src/deltas/compose.ts';
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import type { DeltaModel } from '../../src/deltas/delta.ts';
import { loadModel } from '../../src/models/load.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { ORACLES } from '../support/oracle.ts';

async function load(family: string): Promise<DeltaModel> {
  const folder = join(ORACLES, family);
  const loaded = await loadModel(modelFiles(folder), folder);
  return deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: loaded.labels, seed: 3 }));
}

describe('applicability', () => {
  it.each(['bert', 'distilbert', 'roberta', 'albert', 'electra'])('%s takes every method', async (family) => {
    const model = await load(family);
    const { compacter, fusion, ...others } = applicability(model);
    expect(Object.entries(others).filter(([, reason]) => reason)).toEqual([]);
    // Adapters are to be named first.
    expect(fusion?.where).toBe('method.adapters');
    // A thirty-second of so narrow a model is less than four factors need.
    expect(compacter?.where).toBe('method.reduction');
    expect(english(compacter?.message ?? '')).toMatch(
      /got 32, which makes the adapters 1 wide, .* choose 8, which makes them 4 wide/,
    );
    const fits = { type: 'compacter', reduction: 8, kroneckerFactors: 4, placement: 'both' } as const;
    expect(obstacle(model, fits)).toBeNull();
    const odd = obstacle(model, { ...fits, reduction: 5 });
    expect(english(odd?.message ?? '')).toMatch(
      /got 5, which makes the adapters 6 wide, .* choose 4, .* 8 wide/,
    );
    expect(obstacle(model, { ...fits, kroneckerFactors: 5 })?.where).toBe('method.kroneckerFactors');
  });

  it.each(['bert', 'distilbert'])(
    '%s takes Mix-And-Match and UniPELT once, and not beside prefixes',
    async (family) => {
      const model = await load(family);
      const mam = { type: 'mam', virtualTokens: 2, reduction: 4 } as const;
      const prefix = { type: 'prefix', virtualTokens: 2, initialization: 'zero' } as const;
      expect(obstacle(model, { ...mam, reduction: 33 })?.where).toBe('method.reduction');
      expect(attachAll(model, [mam, { type: 'bitfit' }], 1).virtualTokens).toBe(0);
      const unipelt = { type: 'unipelt', virtualTokens: 2, reduction: 4, rank: 2 } as const;
      expect(obstacle(model, { ...unipelt, reduction: 33 })?.where).toBe('method.reduction');
      expect(obstacle(model, { ...unipelt, rank: 33 })?.where).toBe('method.rank');
      expect(attachAll(model, [unipelt, { type: 'bitfit' }], 1).virtualTokens).toBe(0);
      for (const list of [
        [prefix, mam],
        [mam, prefix],
        [unipelt, prefix],
        [mam, unipelt],
      ])
        expect(() => attachAll(model, list, 1)).toThrow(
          /method\[1\]\.type: the attentions have prefixes already/,
        );
    },
  );

  it('says why a model without the place cannot have the method', async () => {
    const model = await load('bert');
    const { roles, graph } = model;
    const bare = {
      ...model,
      head: [],
      graph: { ...graph, inputs: graph.inputs.filter(({ name }) => name === 'token_type_ids') },
      parameters: new Map([...model.parameters].filter(([name]) => !name.endsWith('bias'))),
      roles: {
        ...roles,
        linears: [],
        norms: [],
        attentions: [],
        sublayers: [],
        embeddings: [],
        layers: { encoder: 0, decoder: 0 },
      },
    };
    const reasons = applicability(bare);
    // These need nothing but weights.
    const any = ['full', 'diffPruning', 'said'];
    for (const type of METHOD_TYPES.filter((name) => ![...any, 'fusion'].includes(name))) {
      expect(reasons[type]?.where, type).toBe('method.type');
      expect(english(reasons[type]?.message ?? ''), type).toMatch(
        /^method\.type: .*model (does not have|has none)/,
      );
    }
    expect(any.map((type) => reasons[type as 'full'])).toEqual([null, null, null]);
  });

  it('tells options that do not fit from methods that do not', async () => {
    const model = await load('bert');
    const lora = {
      type: 'lora',
      rank: 33,
      alpha: 1,
      dropout: 0,
      targets: ['q'],
      rankStabilized: false,
    } as const;
    expect(obstacle(model, { ...lora, targets: ['q'] })).toMatchObject({ where: 'method.rank' });
    expect(obstacle(model, { ...lora, rank: 2, targets: ['nothing'] })?.where).toBe('method.targets[0]');
    const pattern = obstacle(model, { ...lora, rank: 2, targets: ['q'], rankPattern: { v: 2 } });
    expect(pattern?.where).toBe('method.rankPattern.v');
    expect(obstacle(model, { ...lora, rank: 2, targets: ['q'], rankPattern: { q: 1 } })).toBeNull();
  });
});
