/**
 * A finished run of any method that changes matrices as a LoRA: the change of every linear, by its singular values.
 * How much the rank leaves out is said.
 */
import type { BatchLengths } from '../../data/batch.ts';
import { attachAll } from '../../deltas/compose.ts';
import { defaultOptions } from '../../deltas/catalogue.ts';
import type { DeltaModel } from '../../deltas/delta.ts';
import { targetsOf } from '../../deltas/targets.ts';
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';
import type { LinearSite } from '../../graph/roles.ts';
import type { SourceGraph } from '../../graph/source.ts';
import { floatInitializer, floatsOf, sameTensor } from '../../graph/tensor.ts';
import type { ReadableFolder } from '../../models/files.ts';
import type { Model } from '../../models/model.ts';
import type { AdapterProfile } from '../../plan/kernel-call.ts';
import { saveRunAdapter, stageLayout } from '../../runs/adapter-folder.ts';
import type { SavedFile } from '../../runs/adapter-names.ts';
import { lowRank, relativeError, type LowRank } from '../../runs/merge/low-rank.ts';
import type { StoredRun } from '../../runs/record.ts';
import { runMethod } from '../../runs/spec.ts';
import type { LoraMethod } from '../../runs/spec-method.ts';
import { deltaModelOf } from '../delta-model.ts';
import { tokenizerOf } from '../prepare.ts';
import { checkBase, restoreStages } from '../reopen.ts';
import { modelForTask } from '../task.ts';
import { changeOf, partOf } from './linear-change.ts';

export interface Converted {
  files: SavedFile[];
  /** What the run's spec says of it. */
  method: LoraMethod;
  /** Relative Frobenius norm of what the rank leaves out of the change: of all modules, and of each. */
  error: { whole: number; modules: Record<string, number> };
}

/** The shortest program: what is compiled is never run. */
const LENGTHS: readonly BatchLengths[] = [{ length: 8, targetLength: 4 }];

/**
 * @param base the run's base model, as loaded
 * @param adapter the run's adapter folder, and how messages name it
 * @throws StudioError('unsupported') where the method changes more than matrices
 */
export async function convertToLora(
  stored: StoredRun,
  base: Model,
  adapter: { folder: ReadableFolder; label: string },
  { rank, profile, force = false }: { rank: number; profile: AdapterProfile; force?: boolean },
): Promise<Converted> {
  checkBase(stored, base, force);
  const model = modelForTask(base, stored.spec, stored.labels, tokenizerOf(base));
  const texts = stored.spec.model.task === 'text2text';
  const { compiled, tensors } = await restoreStages(stored, model, adapter, {
    batchSize: 1,
    lengths: texts ? LENGTHS : LENGTHS.map(({ length }) => ({ length })),
    profile,
    check: { hash: base.hash, force },
  });
  const start = deltaModelOf(model);
  const trained = withValues(compiled.delta.graph, tensors);
  const changes = changesOf(stored, start, { graph: trained, moved: compiled.delta.moved });
  const parts = new Map<string, LowRank>();
  for (const [module, { site, change }] of changes) {
    if (rank > Math.min(site.inFeatures, site.outFeatures))
      throw new StudioError(
        'spec',
        say`--rank: got ${rank}, and ${module} is a matrix of ${site.inFeatures} by ${site.outFeatures}; choose at most ${Math.min(site.inFeatures, site.outFeatures)}.`,
        { where: 'rank' },
      );
    parts.set(module, lowRank(change, site.inFeatures, site.outFeatures, rank));
  }
  const method: LoraMethod = {
    ...(defaultOptions('lora') as LoraMethod),
    rank,
    alpha: rank,
    dropout: 0,
    targets: targetsOf(start.roles.linears, new Set(changes.keys())),
  };
  return {
    files: filesOf(stored, start, base.hash, model.task, trained, method, parts),
    method,
    error: {
      whole: relativeError([...parts.values()]),
      modules: Object.fromEntries([...parts].map(([module, part]) => [module, relativeError([part])])),
    },
  };
}

function withValues(graph: SourceGraph, tensors: ReadonlyMap<string, Float32Array>): SourceGraph {
  const initializers = new Map(graph.initializers);
  for (const [name, values] of tensors)
    initializers.set(name, floatInitializer(name, initializers.get(name)!.dims, values));
  return { ...graph, initializers };
}

interface SiteChange {
  site: LinearSite;
  /** [in, out] */
  change: Float32Array;
}

/**
 * The linears that are others now, by module.
 * @throws StudioError('unsupported') where anything else changed too
 */
function changesOf(
  stored: StoredRun,
  start: DeltaModel,
  trained: { graph: SourceGraph; moved: ReadonlyMap<string, string> },
): Map<string, SiteChange> {
  const head = new Set(start.head);
  const changed = changedNames(start.graph, trained.graph);
  const explained = new Set(head);
  const found = new Map<string, SiteChange>();
  for (const site of start.roles.linears) {
    if (head.has(site.weight)) continue;
    const before = partOf(start.graph, new Map(), site);
    const after = partOf(trained.graph, trained.moved, site);
    const read =
      after === null ? [] : [...after.graph.initializers.keys()].filter((name) => changed.has(name));
    if (before === null || after === null || read.length === 0) continue;
    for (const name of read) explained.add(name);
    if (found.has(site.module)) continue;
    const change = changeOf(before, after, site);
    if (change.kind === 'bias') throw notAdditive(stored, `${site.module}.bias`);
    if (change.kind === 'other') throw notAdditive(stored, site.module);
    if (change.change.some((value) => value !== 0)) found.set(site.module, { site, change: change.change });
  }
  const other = [...changed].find((name) => !explained.has(name));
  if (other !== undefined) throw notAdditive(stored, other.replace(/^delta\.(stage\d+\.)?/, ''));
  if (found.size === 0)
    throw new StudioError(
      'unsupported',
      say`"${runMethod(stored.spec)}" changed no matrix of the model, so there is nothing to make a LoRA of; keep the adapter as it is.`,
      { where: 'run' },
    );
  return found;
}

/** Tensors that are new, or have other values than before. */
function changedNames(before: SourceGraph, after: SourceGraph): Set<string> {
  const read = new Set(after.nodes.flatMap(({ inputs }) => inputs));
  const changed = [...after.initializers].filter(([name, tensor]) => {
    if (!read.has(name)) return false;
    const was = before.initializers.get(name);
    return was === undefined ? name.startsWith('delta.') : !sameTensor(was, tensor);
  });
  return new Set(changed.map(([name]) => name));
}

function notAdditive(stored: StoredRun, what: string): StudioError {
  return new StudioError(
    'unsupported',
    say`${field('method.type')}: "${runMethod(stored.spec)}" changes ${what}, which is no sum of a matrix and a change that a LoRA could hold; keep the adapter as it is, or write the whole model with delta export --format onnx.`,
    { where: 'method.type' },
  );
}

function filesOf(
  stored: StoredRun,
  start: DeltaModel,
  hash: string,
  task: Model['task'],
  trained: SourceGraph,
  method: LoraMethod,
  parts: ReadonlyMap<string, LowRank>,
): SavedFile[] {
  const delta = attachAll(start, [method], stored.spec.training.seed);
  const tensors = new Map<string, Float32Array>();
  for (const { name, file } of delta.tensors) {
    const [, module, factor] = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(file.name)!;
    tensors.set(name, parts.get(module)![factor === 'A' ? 'a' : 'b']);
  }
  for (const name of start.head) tensors.set(name, floatsOf(trained.initializers.get(name)!));
  const shapes = [
    ...delta.tensors.map(({ name, dims }) => ({ name, shape: dims })),
    ...start.head.map((name) => ({ name, shape: trained.initializers.get(name)!.dims })),
  ];
  const layout = stageLayout(method, delta, shapes, start.parameters);
  const origin = { base: { hash, source: stored.model.source }, task };
  return saveRunAdapter([{ ...layout, tensors }], false, origin);
}
