/** Models and data of a study, each loaded once and let go of when the study has moved on. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { rateTraits } from '../../deltas/model-traits.ts';
import type { ReadableFolder } from '../../models/files.ts';
import type { Model } from '../../models/model.ts';
import { withModelRates } from '../../runs/model-rates.ts';
import { drawsRows } from '../../runs/spec-data.ts';
import { dataFiles } from '../../runs/spec-tasks.ts';
import { openMissing } from '../../runs/fusion-adapters.ts';
import { methodsOf, type RunSpec } from '../../runs/spec.ts';
import { inTurns } from '../../steps.ts';
import { deltaModelOf } from '../../train/delta-model.ts';
import { prepareSteps, type Materials } from '../../train/prepare.ts';
import type { Prepared } from '../../train/prepared.ts';
import { canonical, cellOf } from '../identity.ts';
import { damaged } from '../noise.ts';
import type { Cell, Draft } from '../study.ts';

/** Where a study's models and data come from: a disk, or a page. */
export interface StudySources {
  /** @throws StudioError('model') */
  model: (source: string) => Promise<Model>;
  /** Tables of a spec beside its model. @throws StudioError('data') */
  tables: (spec: RunSpec, model: Model) => Promise<Materials>;
  /** SHA-256 of a data file; null where it is not there, which is told of where it is read. */
  hash: (file: string) => Promise<string | null>;
  /** Opens a folder that a method names. @throws StudioError('adapter-file') for one that is not at hand */
  folder: (name: string) => ReadableFolder;
}

/** Of each kind so many are held: what is at work, and what comes next. */
const HELD = 2;

/** What was made last, by key. */
class Recent<Value> {
  readonly #held = new Map<string, Promise<Value>>();

  of(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#held.get(key) ?? make();
    this.#held.delete(key);
    this.#held.set(key, known);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD) this.#held.delete(oldest);
    return known;
  }
}

export class StudyMaterials {
  readonly #sources: StudySources;
  readonly #models = new Recent<Model>();
  readonly #prepared = new Recent<Prepared>();
  readonly #traits = new Map<string, ReturnType<typeof rateTraits>>();
  readonly #hashes = new Map<string, string>();

  constructor(sources: StudySources) {
    this.#sources = sources;
  }

  /** Hashes of the models and data files that were looked at, by the names that the spec has. */
  get inputs(): ReadonlyMap<string, string> {
    return this.#hashes;
  }

  /** Drafts with the default rates of their models, and so with their identities. @throws StudioError('model') */
  async cells(drafts: readonly Draft[]): Promise<Cell[]> {
    const cells: Cell[] = [];
    for (const draft of drafts) cells.push(cellOf(await this.#rated(draft)));
    return cells;
  }

  async #rated({ from, beside, fused, ...draft }: Draft): Promise<Draft> {
    const { source } = draft.spec.model;
    const traits = await this.#traitsOf(source);
    const files = dataFiles(draft.spec);
    for (const file of files) await this.#lookAt(file);
    const spec = withModelRates(draft.spec, traits);
    return {
      ...draft,
      spec,
      contents: this.#hashes,
      ...(from !== undefined && { from: await this.#rated(from) }),
      ...(beside !== undefined && { beside: await this.#rated(beside) }),
      ...(fused !== undefined && { fused: await Promise.all(fused.map((one) => this.#rated(one))) }),
    };
  }

  /** @throws StudioError as `prepare` */
  async prepared(cell: Pick<Cell, 'spec' | 'noise'>): Promise<Prepared> {
    const { spec, noise } = cell;
    const drawn = preparedBy(spec);
    const prepared = await this.#prepared.of(preparedKey(cell), async () =>
      inTurns(
        prepareSteps(drawn, {
          ...(await this.#sources.tables(drawn, await this.#model(spec.model.source))),
          ...(noise !== undefined && { heldOut: damaged(noise) }),
        }),
      ),
    );
    await openMissing(methodsOf([cell]), prepared.deltaModel, this.#sources.folder);
    return prepared;
  }

  /** Opens a folder that a method names. @throws StudioError('adapter-file') for one that is not at hand */
  folder(name: string): ReadableFolder {
    return this.#sources.folder(name);
  }

  async #traitsOf(source: string): Promise<ReturnType<typeof rateTraits>> {
    const known = this.#traits.get(source);
    if (known !== undefined) return known;
    const model = await this.#model(source);
    const traits = rateTraits(deltaModelOf(model));
    this.#traits.set(source, traits);
    this.#hashes.set(source, contentOf(model));
    return traits;
  }

  #model(source: string): Promise<Model> {
    return this.#models.of(source, () => this.#sources.model(source));
  }

  /** Files that are not there are told of where they are read. */
  async #lookAt(file: string): Promise<void> {
    if (this.#hashes.has(file)) return;
    const hash = await this.#sources.hash(file);
    if (hash !== null) this.#hashes.set(file, hash);
  }
}

/** The weights, and the words that they were trained with. */
function contentOf({ hash, tokenizer }: Model): string {
  return bytesToHex(sha256(new TextEncoder().encode(canonical({ hash, tokenizer }))));
}

/**
 * Rows that are drawn are drawn alike for all seeds, whichever is prepared first; so are the training rows that are
 * scored at the end.
 */
function preparedBy(spec: RunSpec): RunSpec {
  const { data, training } = spec;
  const splitSeed = data.splitSeed ?? (drawsRows(data) ? training.seed : 0);
  return { ...spec, data: { ...data, splitSeed } };
}

/** Cells of one key share what is prepared. */
export function preparedKey({ spec, noise = {} }: Pick<Cell, 'spec' | 'noise'>): string {
  const { model, data, tasks = null, training } = preparedBy(spec);
  return canonical([model, data, tasks, training.evaluateEvery > 0, noise]);
}
