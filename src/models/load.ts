/** Finds a model's files among those given, reads them, refuses what cannot be trained. */
import type { StoredBytes } from '../graph/source.ts';
import { withTokenFiles } from '../data/tokenizer/config-tokens.ts';
import { parseJson } from '../json.ts';
import { StudioError } from '../errors.ts';
import { listed, say, type Sentence } from '../sentence.ts';
import { isMerged, takeBranchWithoutCache } from '../onnx/merged.ts';
import { externalRanges, readModel } from '../onnx/read.ts';
import type { ExternalRange, OnnxModel } from '../onnx/read.ts';
import type { ExternalParts } from '../onnx/read-tensor.ts';
import { recoverParameters } from '../onnx/recover.ts';
import { restoreBiases } from '../onnx/restore-biases.ts';
import { findUnsupported, refuseUnsupported } from '../onnx/refuse.ts';
import type { Unsupported } from '../onnx/refuse.ts';
import { LARGE, withoutLargeTensors } from '../onnx/large-tensors.ts';
import { isHalf, widenHalf } from '../onnx/widen.ts';
import { nameLogits } from './name-logits.ts';
import { exportTaskOf, familyOf, headOf, labelsOf, languageModelHeadOf } from './classify.ts';
import { joinEncoderDecoder } from './encoder-decoder.ts';
import type { Half } from './encoder-decoder.ts';
import type { FileParts } from './file-parts.ts';
import { checkWholeSize, openParts, type ModelFiles } from './files.ts';
import { freshHeadInput } from './fresh-head.ts';
import { outputLayer } from './head-layer.ts';
import { hashModel } from './hash.ts';
import { pairOf } from './pair-files.ts';
import type { Model } from './model.ts';

export interface LoadOptions {
  /** Also give models that cannot be trained, with the reasons in `unsupported`; for `inspect`. */
  unsupported?: 'refuse' | 'report';
}

/**
 * Loads a model.
 * @param files where its files come from
 * @param source what the person gave (`builtin:NAME`, a path), for messages and records
 * @throws StudioError naming the file and the remedy for anything missing, damaged or not supported
 */
export async function loadModel(
  files: ModelFiles,
  source: string,
  options: LoadOptions = {},
): Promise<Model> {
  const names = await files.list();
  const chosen = chooseFiles(files, names, source);
  const parts: OnnxFile[] = [];
  for (const file of chosen) parts.push(await readFile(files, file, source, options));
  const [{ onnx }] = parts;
  const file = chosen.join(' and ');
  const beside = folderOf(chosen[0]);

  // In repositories of several exports config.json and the tokenizer lie above `onnx/`.
  const text = async (name: string) => {
    const found = (await files.read(beside + name)) ?? (beside === '' ? undefined : await files.read(name));
    return found && new TextDecoder().decode(found);
  };
  const config = parseConfig(await text('config.json'), source);
  const notes: Sentence[] = [];
  if (Object.keys(config).length === 0)
    notes.push(say`${source} has no config.json, so family, labels and heads are read off the graph.`);
  if (parts.some((part) => isHalf(part.onnx.graph)))
    notes.push(say`${listed(chosen)} stores half-precision weights; they are trained as float32.`);
  const unsupported = parts.flatMap((part) => part.unsupported);
  const halves = parts.map((part) => recoverPart(part, config));
  const restored = halves.flatMap((half) => restoreBiases(half.graph, half.parameters, config));
  if (restored.length > 0)
    notes.push(
      restored.length === 1
        ? say`${file} was exported without a bias that was all zeros; it is put back and trained (${restored[0]}).`
        : say`${file} was exported without ${restored.length} biases that were all zeros; they are put back and trained (${restored.slice(0, 3).join(', ')}${restored.length > 3 ? ', …' : ''}).`,
    );
  const { graph, parameters } =
    halves.length === 2 ? joinEncoderDecoder(halves[0], halves[1], config) : halves[0];
  nameLogits(graph, parameters);
  const task = exportTaskOf(graph, parameters);
  const hidden = freshHeadInput(graph);
  return {
    source,
    file,
    graph,
    parameters,
    config,
    tokenizer: {
      tokenizer: await text('tokenizer.json'),
      tokenizerConfig: withTokenFiles(
        await text('tokenizer_config.json'),
        await text('special_tokens_map.json'),
        await text('added_tokens.json'),
      ),
      vocabulary: await text('vocab.txt'),
    },
    family: familyOf(config, parameters.keys()),
    task,
    labels: task === 'classification' ? labelsOf(config, outputLayer(graph, 'logits')?.outFeatures ?? 0) : [],
    head: task === 'classification' ? headOf(parameters.keys()) : [],
    languageModelHead: languageModelHeadOf(task, parameters),
    ...(hidden !== undefined && { freshHead: { hidden } }),
    adapters: new Map(),
    hash: await hashModel(graph, parameters),
    opsets: onnx.opsets,
    producer: onnx.producer,
    unsupported,
    notes,
  };
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** A model may only name files in its own folder or below it. */
function isInside(name: string): boolean {
  return !name.startsWith('/') && !/^[A-Za-z]:/.test(name) && !name.split(/[\\/]/).includes('..');
}

/** The parts that hold tensors: large ones stay in the file where it can be read again, others are read. */
async function readRanges(
  data: FileParts,
  ranges: readonly ExternalRange[],
  name: string,
): Promise<ExternalParts> {
  // A part beyond the end is refused where its tensor is read.
  const inside = ranges.filter(({ offset, length }) => offset + length <= data.size);
  // Parts that lie over one another are none that an exporter writes, and could be of any number.
  if (inside.reduce((sum, { length }) => sum + length, 0) > 2 * data.size)
    throw new StudioError(
      'model',
      say`${name} has ${data.size} bytes and tensors of more than twice as many are said to lie in it, so the model is damaged; export it again.`,
      { where: name },
    );
  const read = new Map<string, Uint8Array | StoredBytes>();
  for (const { offset, length } of inside)
    read.set(
      `${offset} ${length}`,
      length >= LARGE && data.stored ? data.stored(offset, length) : await data.part(offset, length),
    );
  return { size: data.size, part: (offset, length) => read.get(`${offset} ${length}`)! };
}

interface OnnxFile {
  file: string;
  onnx: OnnxModel;
  unsupported: Unsupported[];
}

async function readFile(
  files: ModelFiles,
  file: string,
  source: string,
  options: LoadOptions,
): Promise<OnnxFile> {
  const folder = folderOf(file);
  const own = file.slice(folder.length);
  const parts = await files.open?.(file);
  if (parts) checkWholeSize(file, parts.size);
  const light = parts?.stored ? await withoutLargeTensors(parts, own) : null;
  const bytes = light ?? (await (parts ? parts.part(0, parts.size) : files.read(file)));
  if (!bytes) throw new StudioError('model', say`There is no ${file} in ${source}; check the path.`);
  const external = new Map<string, ExternalParts>();
  for (const [name, ranges] of externalRanges(bytes, file)) {
    const within = light !== null && name === own;
    const data = within ? parts : isInside(name) ? await openParts(files, folder + name) : undefined;
    if (data) external.set(name, await readRanges(data, ranges, name));
  }
  const onnx = readModel(bytes, (name) => external.get(name), file);
  const unsupported = findUnsupported(onnx);
  if (options.unsupported !== 'report') refuseUnsupported(unsupported, file);
  if (isMerged(onnx.graph)) takeBranchWithoutCache(onnx.graph, file);
  return { file, onnx, unsupported };
}

function recoverPart({ file, onnx }: OnnxFile, config: Readonly<Record<string, unknown>>): Half {
  return { file, ...recoverParameters(widenHalf(onnx.graph), config) };
}

/** One file, or the encoder's and the decoder's. */
function chooseFiles(files: ModelFiles, names: readonly string[], source: string): string[] {
  const pair = pairOf(files.model, names, source);
  if (pair) return pair;
  if (files.model !== undefined) return [files.model];
  const found = ['model.onnx', 'onnx/model.onnx'].find((name) => names.includes(name));
  if (found !== undefined) return [found];
  const models = names.filter((name) => name.endsWith('.onnx')).sort();
  if (models.length === 1) return models;
  throw new StudioError(
    'model',
    models.length === 0
      ? say`${source} holds no model.onnx; export the model to ONNX (\`optimum-cli export onnx\`) and give that folder.`
      : say`${source} holds no model.onnx but ${models.join(', ')}; name the one to use.`,
    { where: 'model.source' },
  );
}

function parseConfig(text: string | undefined, source: string): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new StudioError('model', say`config.json of ${source} is not JSON; download it again.`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StudioError('model', say`config.json of ${source} does not hold an object; download it again.`);
  return value as Record<string, unknown>;
}
