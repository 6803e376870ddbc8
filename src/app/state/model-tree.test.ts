import { describe, expect, it } from 'vitest';
import type { ModelTree } from '../../protocol/tree.ts';
import { countTargets, modelTree } from './model-tree.ts';

const layer = (i: number) =>
  ['query', 'value'].map((part) => ({
    name: `bert.layer.${i}.${part}.weight`,
    shape: [4, 4],
    role: `encoder.${i}.self.${part[0]}`,
  }));
const tree: ModelTree = {
  parameters: [...[0, 1, 2].flatMap(layer), { name: 'classifier.weight', shape: [2, 4], role: 'head' }],
  linears: [0, 1, 2].flatMap(layer).map(({ name, role }) => ({ role, module: name.replace('.weight', '') })),
  runs: [
    { run: 'head', method: 'head', trained: [6], added: [] },
    { run: 'last', method: 'lastLayer', trained: [4, 5, 6], added: [] },
  ],
  obstacles: {} as ModelTree['obstacles'],
  traits: { kind: 'encoder', width: 2, layers: 3, pretrained: true },
};

describe('the tree of a model', () => {
  const [bert, classifier] = modelTree(tree);

  it('folds layers that are alike and trained alike', () => {
    const layers = bert.children[0].children;
    expect(layers.map(({ label, count }) => [label, count])).toEqual([
      ['[0–1]', 64],
      ['2', 32],
    ]);
  });

  it('says what trains, wholly or in part', () => {
    expect(bert.marks).toEqual([{ run: 'last', touch: 'part' }]);
    expect(bert.children[0].children[1].marks).toEqual([{ run: 'last', touch: 'whole' }]);
    expect(classifier.marks.map(({ run }) => run)).toEqual(['head', 'last']);
    expect(classifier.children[0]).toMatchObject({ label: 'weight', shape: [2, 4], role: 'head', count: 8 });
  });

  it('draws what methods add below what they stand at, and marks the frozen matrix beside it', () => {
    const lora = (run: string, rank: number) => ({
      run,
      method: 'lora',
      trained: [6],
      added: [0, 1, 2].flatMap((i) => [
        { module: `bert.layer.${i}.query`, name: 'lora_A', shape: [4, rank] },
        { module: `bert.layer.${i}.query`, name: 'lora_B', shape: [rank, 4] },
      ]),
    });
    const prefix = {
      run: 'pre',
      method: 'prefix',
      trained: [6],
      added: [{ module: '', name: 'p', shape: [5] }],
    };
    const all = { ...tree, runs: [lora('lora', 2), lora('again', 2), lora('wide', 3), prefix] };
    const [model, , rows] = modelTree(all);
    const [layers] = model.children[0].children;
    expect(layers.label).toBe('[0–2]');
    expect(layers.added).toBe(3 * (2 * 8 + 2 * 12));
    const [weight, a, b] = layers.children[0].children;
    expect(weight.marks.map(({ run, touch }) => `${run} ${touch}`)).toEqual([
      'lora beside',
      'again beside',
      'wide beside',
    ]);
    expect([a.label, b.label]).toEqual(['lora_A', 'lora_B']);
    expect(rows).toMatchObject({
      addition: true,
      added: 5,
      count: 0,
      marks: [{ run: 'pre', touch: 'whole' }],
    });
    // One run alone: its own tensors, nothing of the others.
    const [alone] = modelTree(all, 'again');
    const added = alone.children[0].children[0].children[0].children.filter(({ addition }) => addition);
    expect(added.map(({ label, shape, marks }) => [label, shape, marks.length])).toEqual([
      ['lora_A', [4, 2], 1],
      ['lora_B', [2, 4], 1],
    ]);
  });

  it('counts what targets name, by role, by the end of a name, by an expression', () => {
    const { total, each } = countTargets(tree.linears, ['q', 'value', '/layer\\.[01]\\./', 'nothing', '/(/']);
    expect(Object.fromEntries(each)).toEqual({ q: 3, value: 3, '/layer\\.[01]\\./': 4, nothing: 0 });
    expect(total).toBe(6);
  });
});
