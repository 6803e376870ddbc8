/**
 * A finished run as one ONNX file: the rewritten source graph with the trained tensors in it, still dynamic in
 * batch and length. An encoder-decoder comes as one file too, from `input_ids`, `attention_mask` and
 * `decoder_input_ids` to `logits`.
 */
import { makeBatch } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import { unlabelledDataset } from '../data/dataset.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { Model } from '../models/model.ts';
import { writeModel } from '../onnx/write.ts';
import type { SavedFile } from '../runs/adapter-names.ts';
import type { StoredRun } from '../runs/record.ts';
import { reopenRun } from './reopen.ts';
import { runForward, type ForwardInput, type ForwardModel } from './forward.ts';
import type { Studio } from '../plan/studio.ts';

/** More than this between the two means that the file is wrong, not that sums were taken in another order. */
const TOLERANCE = 1e-3;
/** What both run on: short and long, with what tokenizers like to take apart. */
const TEXTS = [
  'a',
  'The second is longer, and has a number (27) in it.',
  '它是用中文写的。',
  'one two three four',
];

export interface ExportedRun extends ExportCheck {
  files: SavedFile[];
}

/**
 * A finished run as a model folder, its file run in onnxruntime-web and held to our own forward pass.
 * @param base the run's base model, as loaded
 * @param adapter the run's adapter folder, and how messages name it
 * @param options `force` takes a base model or adapter whose weights are not the run's
 * @throws StudioError('model') when the file computes something else, or as `reopenRun` does
 */
export async function exportRun(
  studio: Studio,
  stored: StoredRun,
  base: Model,
  adapter: Parameters<typeof reopenRun>[3],
  { force = false }: { force?: boolean } = {},
): Promise<ExportedRun> {
  const pairs = stored.columns.text.length === 2 ? [...TEXTS].reverse() : null;
  const dataset = unlabelledDataset(TEXTS, pairs, stored.spec.model.task, 'the check');
  const batchSize = TEXTS.length;
  const opened = await reopenRun(studio, stored, base, adapter, dataset, { batchSize, force });
  opened.instance.destroy();
  const files = exportFiles(stored, base, opened.trained);
  const check = await checkExport(studio, files[0].bytes, opened.trained, opened.data);
  if (check.difference <= TOLERANCE) return { files, ...check };
  throw new StudioError(
    'model',
    say`The ONNX file computes something else in onnxruntime-web (largest difference ${check.difference.toExponential(1)}); keep the adapter instead, and report the model it was made of.`,
  );
}

/**
 * `model.onnx`, a `config.json` that names the run's labels, and the tokenizer's files.
 * @throws StudioError('unsupported') when the weights do not fit into one file
 */
function exportFiles(stored: StoredRun, base: Model, { graph }: Pick<ForwardModel, 'graph'>): SavedFile[] {
  const metadata = {
    base_model: stored.model.source,
    base_model_hash: stored.model.hash,
    method: JSON.stringify(stored.spec.stages ?? stored.spec.method),
  };
  const config = { ...base.config, ...labelsConfig(stored) };
  const text = (name: string, content: string | undefined): SavedFile[] =>
    content === undefined ? [] : [{ name, bytes: new TextEncoder().encode(content) }];
  const { tokenizer, tokenizerConfig, vocabulary } = base.tokenizer;
  return [
    { name: 'model.onnx', bytes: writeModel(graph, { metadata, opsets: base.opsets }) },
    ...text('config.json', `${JSON.stringify(config, null, 2)}\n`),
    ...text('tokenizer.json', tokenizer),
    ...text('tokenizer_config.json', tokenizerConfig),
    ...text('vocab.txt', vocabulary),
  ];
}

/** As Transformers writes them; of nothing where there are no classes. */
function labelsConfig({ labels, spec }: StoredRun): Record<string, unknown> {
  if (spec.model.task === 'regression') return { num_labels: 1, problem_type: 'regression' };
  if (labels === null) return {};
  return {
    num_labels: labels.names.length,
    id2label: Object.fromEntries(labels.names.map((name, i) => [String(i), name])),
    label2id: Object.fromEntries(labels.names.map((name, i) => [name, i])),
  };
}

export interface ExportCheck {
  /** Largest absolute difference of any output value. */
  difference: number;
  /** Values compared. */
  values: number;
}

/**
 * Runs the file in onnxruntime-web and the graph on the device, on the same rows.
 * @param bytes of the file
 * @param data a few encoded texts
 */
async function checkExport(
  studio: Studio,
  bytes: Uint8Array,
  model: ForwardModel,
  data: EncodedDataset,
): Promise<ExportCheck> {
  const inputs = inputsOf(model, data);
  const ours = await runForward(studio, model, inputs);
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
  try {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, { dims, data: values }]) => [
        name,
        new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims),
      ]),
    );
    const theirs = await session.run(feeds);
    const check: ExportCheck = { difference: 0, values: 0 };
    for (const [name, values] of Object.entries(ours)) {
      const expected = theirs[name].data as Float32Array;
      if (expected.length !== values.length) return { difference: Infinity, values: values.length };
      check.values += values.length;
      values.forEach((value, i) => {
        const difference = Math.abs(value - expected[i]);
        // Not a number counts as any distance.
        if (!(difference <= check.difference))
          check.difference = Number.isNaN(difference) ? Infinity : difference;
      });
    }
    return check;
  } finally {
    await session.release();
  }
}

/** All rows as one batch; a decoder is given the beginning of its source for want of a target. */
function inputsOf({ graph }: ForwardModel, data: EncodedDataset): Record<string, ForwardInput> {
  const rows = Array.from({ length: data.rows }, (_, row) => row);
  const names = graph.inputs.map(({ name }) => name);
  const encoder = names.filter((name) => name !== 'decoder_input_ids');
  const batch = makeBatch(data, rows, { batchSize: rows.length, inputs: encoder });
  const source = { dims: [batch.size, batch.length] };
  const inputs: Record<string, ForwardInput> = {};
  for (const name of encoder) inputs[name] = { ...source, data: batch.inputs[name] };
  if (encoder.length === names.length) return inputs;
  const target = Math.min(4, batch.length);
  inputs['decoder_input_ids'] = {
    dims: [batch.size, target],
    data: Int32Array.from({ length: batch.size * target }, (_, i) => {
      const [row, column] = [Math.floor(i / target), i % target];
      return column === 0 ? data.padId : batch.inputs['input_ids'][row * batch.length + column - 1];
    }),
  };
  return inputs;
}
