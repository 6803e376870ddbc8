/** The work that a forecast counts: how often which plans run, against what a run does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadMaterials, loadSpec } from '../../cli/load.ts';
import { workOfStages, type CountedWork } from '../../src/advice/work.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { comparisonSpecs } from '../../src/runs/spec.ts';
import { prepare } from '../../src/train/prepare.ts';
import { compileStages } from '../../src/train/stages.ts';
import { makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'delta-work-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('counts steps, evaluations and the scoring at the end apart; the untuned model is scored once for all', async () => {
  const data = {
    train: 'train.tsv',
    validation: 'dev.csv',
    test: 0.3,
    columns: { text: ['sentence'], label: 'label' },
    maxLength: 8,
  };
  const file = makeProject(folder, { data, training: { steps: 6, batchSize: 4, evaluateEvery: 2 } });
  const { input, base } = await loadSpec(file);
  const runs = comparisonSpecs(input, ['lora', 'prompt']);
  const prepared = prepare(runs[0].spec, await loadMaterials(runs[0].spec, base));
  const counts = (spec: (typeof runs)[0]['spec'], compared: boolean): Record<CountedWork['kind'], number> => {
    const work = workOfStages(
      prepared,
      spec,
      compileStages(prepared, spec, DEFAULT_PROFILE),
      compared,
    ).flat();
    const of = (kind: CountedWork['kind']) =>
      work.filter((one) => one.kind === kind).reduce((sum, { times }) => sum + times, 0);
    expect(work.every(({ work: { flops, dispatches } }) => flops > 0 && dispatches > 0)).toBe(true);
    return { training: of('training'), evaluation: of('evaluation'), scoring: of('scoring') };
  };
  const [lora, prompt] = runs.map(({ spec }) => spec);
  // Seven rows to validate are two batches, thirteen to train on four and five to test two.
  const batches = { validation: 2, train: 4, test: 2 };
  const alone = { training: 6, evaluation: 4 * batches.validation, scoring: batches.train + batches.test };
  expect(counts(lora, false)).toEqual(alone);
  // What LoRA answers at first is known from the untuned model after one batch; a prompt changes it.
  expect(counts(lora, true)).toEqual({ ...alone, evaluation: 3 * batches.validation + 1 });
  expect(counts(prompt, true)).toEqual(alone);
});
