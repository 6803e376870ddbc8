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
    { run: 'head', method: 'head', trained: [6], added: 0, places: [] },
    { run: 'last', method: 'lastLayer', trained: [4, 5, 6], added: 0, places: [] },
  ],
  obstacles: {} as ModelTree['obstacles'],
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
    expect(bert.trained).toEqual([{ run: 'last', whole: false }]);
    expect(bert.children[0].children[1].trained).toEqual([{ run: 'last', whole: true }]);
    expect(classifier.trained.map(({ run }) => run)).toEqual(['head', 'last']);
    expect(classifier.children[0]).toMatchObject({ label: 'weight', shape: [2, 4], role: 'head', count: 8 });
  });

  it('counts what targets name, by role, by the end of a name, by an expression', () => {
    const { total, each } = countTargets(tree.linears, ['q', 'value', '/layer\\.[01]\\./', 'nothing', '/(/']);
    expect(Object.fromEntries(each)).toEqual({ q: 3, value: 3, '/layer\\.[01]\\./': 4, nothing: 0 });
    expect(total).toBe(6);
  });
});
