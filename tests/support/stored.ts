/** A stored comparison of a few methods, as one is before its first step. */
import { comparisonSpecs, readSpec, runMethod } from '../../src/runs/spec.ts';
import { STORE_FORMAT, type StoredComparison } from '../../src/runs/storage/stored.ts';

export function storedComparison(
  id: string,
  created = '2026-01-01T00:00:00Z',
  methods: readonly string[] = ['lora', 'head'],
): StoredComparison {
  const spec = readSpec({
    model: { source: 'builtin:bert' },
    data: { train: 'train.tsv' },
    compare: methods.map((type) => ({ method: { type } })),
  });
  return {
    format: STORE_FORMAT,
    id,
    name: 'films',
    created,
    spec,
    environment: {
      studio: '0',
      runtime: 'test',
      adapter: { vendor: 'v', architecture: '', description: '', software: true },
    },
    model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
    labels: { names: ['a', 'b'], source: 'sorted' },
    columns: { text: ['text'], label: 'label' },
    notes: [],
    dataHash: 'bb',
    inputs: { model: 'model:aa', data: 'data:bb' },
    runs: comparisonSpecs(spec).map((run) => ({
      run: run.key,
      method: runMethod(run.spec),
      steps: run.spec.training.steps,
      spec: run.spec,
    })),
  };
}
