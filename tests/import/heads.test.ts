/** Heads put on exported encoders: valid ONNX, and the numbers the contract's formula gives. */
import { english } from '../../src/sentence.ts';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { floatsOf, numbersOf } from '../../src/graph/tensor.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { countParameters, type Model } from '../../src/models/model.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { oracleModels, tinyFeeds } from '../support/oracle-models.ts';
import { runOrt, type Output } from '../support/ort.ts';
import { sharedEncoders } from '../support/shared.ts';

const labels = ['no', 'maybe', 'yes'];
const load = (source: string) => loadModel(modelFiles(source), source);

/** classifier.out_proj(tanh(classifier.dense(pooled))) in plain arithmetic. */
function expectedLogits(
  model: Model,
  hidden: Output,
  mask: readonly number[],
  pooling: 'mean' | 'first',
): number[] {
  const [batch, length, width] = hidden.dims;
  const tensor = (name: string) => floatsOf(model.graph.initializers.get(`classifier.${name}`)!);
  const linear = (x: number[], name: string) => {
    const [w, b] = [tensor(`${name}.weight`), tensor(`${name}.bias`)];
    return Array.from(b, (bias, o) => x.reduce((sum, v, i) => sum + v * w[o * x.length + i], bias));
  };
  const logits: number[] = [];
  for (let row = 0; row < batch; row++) {
    const tokens = Array.from({ length }, (_, t) => t).filter((t) =>
      pooling === 'first' ? t === 0 : mask[row * length + t] === 1,
    );
    const pooled = Array.from(
      { length: width },
      (_, i) =>
        tokens.reduce((sum, t) => sum + hidden.data[(row * length + t) * width + i], 0) / tokens.length,
    );
    logits.push(...linear(linear(pooled, 'dense').map(Math.tanh), 'out_proj'));
  }
  return logits;
}

/** The graph of a model with its hidden states for output. */
function hiddenFile(model: Model): Uint8Array {
  const { graph } = model;
  return writeModel({
    ...graph,
    outputs: [{ name: model.freshHead!.hidden, type: 'float32', dims: [null, null, null] }],
  });
}

async function expectFreshHead(source: string): Promise<void> {
  const model = await load(source);
  for (const pooling of ['mean', 'first'] as const) {
    const prepared = prepareForTask(model, { task: 'classification', labels, pooling, seed: 7 });
    expect(prepared.task).toBe('classification');
    expect(prepared.labels).toEqual(labels);
    expect(prepared.head).toEqual([
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ]);
    expect(prepared.notes.map(english).join(' ')).toContain('fresh classifier');
    const feeds = tinyFeeds();
    const { logits } = await runOrt(writeModel(prepared.graph), feeds);
    const hidden = Object.values(await runOrt(hiddenFile(prepared), feeds))[0];
    expect(logits.dims).toEqual([2, 3]);
    const expected = expectedLogits(prepared, hidden, feeds.attention_mask.data, pooling);
    logits.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
    // Every parameter that is listed is in the graph, and no old head's is.
    for (const name of prepared.parameters.keys()) expect(prepared.graph.initializers.has(name)).toBe(true);
    expect(
      [...prepared.parameters.keys()].some((name) => /^(cls|qa_outputs|lm_head|vocab_)/.test(name)),
    ).toBe(false);
    // Another batch and length: the file stays dynamic.
    const one = await runOrt(writeModel(prepared.graph), {
      input_ids: { dims: [1, 5], data: [2, 9, 4, 8, 3] },
      attention_mask: { dims: [1, 5], data: [1, 1, 1, 1, 1] },
      token_type_ids: { dims: [1, 5], data: [0, 0, 0, 0, 0] },
    });
    expect(one.logits.dims).toEqual([1, 3]);
  }
}

const headless = (name: string) =>
  /features|feature-extraction|fill-mask|label-words|question|token-class|_fe_|_mlm_/.test(name);

describe('a fresh head', () => {
  it.each(oracleModels.filter(({ name }) => headless(name)))('on $name', ({ folder }) =>
    expectFreshHead(folder),
  );

  it('on the built-in model, whose parameters it counts as its card does', async () => {
    await expectFreshHead('builtin:bert-l4-h128');
    const two = prepareForTask(await load('builtin:bert-l4-h128'), {
      task: 'classification',
      labels: ['-', '+'],
      seed: 1,
    });
    expect(countParameters(two)).toBe(1_875_330);
    expect(two.head.reduce((sum, name) => sum + floatsOf(two.graph.initializers.get(name)!).length, 0)).toBe(
      16_770,
    );
  });

  const shared = [...sharedEncoders('exported-opset11'), ...sharedEncoders('exported-opset18')].filter(
    ({ name }) => headless(name),
  );
  describe.skipIf(shared.length === 0)('on models of the shared folder', () => {
    it.each(shared)('$name', ({ folder }) => expectFreshHead(folder));
  });

  it('starts from the seed alone, normal with deviation 0.02, biases zero', async () => {
    const model = await load('builtin:bert-l4-h128');
    const head = (seed: number, classes = labels) =>
      prepareForTask(model, { task: 'classification', labels: classes, seed });
    const dense = (m: Model) => numbersOf(m.graph.initializers.get('classifier.dense.weight')!);
    expect(dense(head(1))).toEqual(dense(head(1)));
    expect(dense(head(1))).toEqual(dense(head(1, ['a', 'b'])));
    expect(dense(head(1))).not.toEqual(dense(head(2)));
    const values = dense(head(1));
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    expect(values).toHaveLength(128 * 128);
    expect(deviation).toBeCloseTo(0.02, 3);
    expect(new Set(numbersOf(head(1).graph.initializers.get('classifier.out_proj.bias')!))).toEqual(
      new Set([0]),
    );
  });

  it('is known again in a file that was written', async () => {
    const prepared = prepareForTask(await load('builtin:bert-l4-h128'), {
      task: 'classification',
      labels,
      seed: 1,
    });
    const { filesFromMemory } = await import('../../src/models/files.ts');
    const again = await loadModel(filesFromMemory({ 'model.onnx': writeModel(prepared.graph) }), 'again');
    expect(again.freshHead).toEqual(prepared.freshHead);
    expect(again.head.sort()).toEqual(prepared.head.sort());
    expect(prepareForTask(again, { task: 'classification', labels, seed: 9 }).graph).toBe(again.graph);
  });
});

describe('a classifier that is there', () => {
  const classifiers = oracleModels.filter(({ name }) => !headless(name));

  it.each(classifiers)('$name stays as it is when the labels fit', async ({ folder }) => {
    const model = await load(folder);
    const task = model.labels.length === 1 ? 'regression' : 'classification';
    const prepared = prepareForTask(model, { task, labels: model.labels, seed: 1 });
    expect(prepared.graph).toBe(model.graph);
    expect(prepared.notes).toEqual(model.notes);
  });

  it.each(classifiers)('$name gets a last layer of another size, and says so', async ({ folder }) => {
    const model = await load(folder);
    const classes = ['a', 'b', 'c', 'd', 'e'];
    const prepared = prepareForTask(model, { task: 'classification', labels: classes, seed: 1 });
    const { logits } = await runOrt(writeModel(prepared.graph), tinyFeeds());
    expect(logits.dims).toEqual([2, 5]);
    expect(english(prepared.notes.at(-1)!)).toMatch(
      /has \d outputs? and the data needs 5, so its last layer classifier\S* starts anew\.$/,
    );
    const changed = [...model.parameters.keys()].filter(
      (n) => prepared.graph.initializers.get(n) !== model.graph.initializers.get(n),
    );
    expect(changed.every((name) => /^classifier(\.out_proj)?\.(weight|bias)$/.test(name))).toBe(true);
    expect(changed).toHaveLength(2);
    expect(prepared.head).toEqual(model.head);
    expect(prepared.parameters.get(changed[0])!.dims).toContain(5);
  });

  it('is resized to one output for a regression', async () => {
    const model = await load(oracleModels.find((m) => m.name === 'bert')!.folder);
    const prepared = prepareForTask(model, { task: 'regression', labels: [], seed: 1 });
    expect((await runOrt(writeModel(prepared.graph), tinyFeeds())).logits.dims).toEqual([2, 1]);
    expect(prepared.labels).toEqual([]);
  });

  it('of an export that gives one vector for a text and no tokens is refused by that', async () => {
    const model = await load('tests/oracle/bert-features');
    const [hidden] = model.graph.outputs;
    const made = (name: string) => `/pool/${name}`;
    const graph = {
      ...model.graph,
      nodes: [
        ...model.graph.nodes,
        ...[
          ['ReduceMean', hidden.name, { axes: [1], keepdims: 0 }] as const,
          ['ReduceL2', made('ReduceMean'), { axes: [1], keepdims: 1 }] as const,
        ].map(([op, input, attributes]) => ({
          name: made(op),
          op,
          domain: '',
          inputs: [input],
          outputs: [made(op)],
          attributes,
        })),
      ],
      outputs: [{ ...hidden, name: made('ReduceL2'), dims: [null, 1] }],
    };
    expect(() =>
      prepareForTask({ ...model, graph, task: 'unknown' }, { task: 'classification', labels, seed: 1 }),
    ).toThrow(
      'model.onnx gives a vector for each text (/pool/ReduceL2) and not the hidden states of its tokens; export it with them too, by the name token_embeddings.',
    );
  });

  it('needs two labels', async () => {
    const model = await load(oracleModels[0].folder);
    expect(() => prepareForTask(model, { task: 'classification', labels: ['yes'], seed: 1 })).toThrow(
      'A classification needs at least two labels and there is one, "yes"; check the label column.',
    );
  });
});
