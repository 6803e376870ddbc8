/** Models and data of a study, each loaded once and let go of when the study has moved on. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { rateTraits } from '../../src/deltas/model-traits.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Model } from '../../src/models/model.ts';
import { withModelRates } from '../../src/runs/model-rates.ts';
import { drawsRows } from '../../src/runs/spec-data.ts';
import type { RunSpec } from '../../src/runs/spec.ts';
import { canonical, cellOf } from '../../src/study/identity.ts';
import { damaged } from '../../src/study/noise.ts';
import type { Cell, Draft } from '../../src/study/study.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { prepare } from '../../src/train/prepare.ts';
import type { Prepared } from '../../src/train/prepared.ts';
import { builtinDataPlace } from '../builtin-data.ts';
import { sourceFiles } from '../files.ts';
import { loadMaterials } from '../load.ts';

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
  /** Folder that the spec's paths are relative to. */
  readonly base: string;
  readonly #models = new Recent<Model>();
  readonly #prepared = new Recent<Prepared>();
  readonly #traits = new Map<string, ReturnType<typeof rateTraits>>();
  readonly #hashes = new Map<string, string>();

  constructor(base: string) {
    this.base = base;
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

  async #rated({ from, ...draft }: Draft): Promise<Draft> {
    const traits = await this.#traitsOf(draft.spec.model.source);
    this.#lookAt(draft.spec);
    const spec = withModelRates(draft.spec, traits);
    return { ...draft, spec, ...(from !== undefined && { from: await this.#rated(from) }) };
  }

  /** @throws StudioError as `prepare` */
  prepared(cell: Pick<Cell, 'spec' | 'noise'>): Promise<Prepared> {
    const { spec, noise } = cell;
    const drawn = preparedBy(spec);
    return this.#prepared.of(preparedKey(cell), async () =>
      prepare(drawn, {
        ...(await loadMaterials(drawn, this.base, await this.#model(spec.model.source))),
        ...(noise !== undefined && { heldOut: damaged(noise) }),
      }),
    );
  }

  async #traitsOf(source: string): Promise<ReturnType<typeof rateTraits>> {
    const known = this.#traits.get(source);
    if (known !== undefined) return known;
    const model = await this.#model(source);
    const traits = rateTraits(deltaModelOf(model));
    this.#traits.set(source, traits);
    this.#hashes.set(source, model.hash);
    return traits;
  }

  #model(source: string): Promise<Model> {
    return this.#models.of(source, async () => loadModel(await sourceFiles(source, this.base), source));
  }

  /** Files that are not there are told of where they are read. */
  #lookAt({ data }: RunSpec): void {
    for (const file of [data.train, data.validation, data.test]) {
      if (typeof file !== 'string' || this.#hashes.has(file)) continue;
      const place = builtinDataPlace(file) ?? path.resolve(this.base, file);
      if (existsSync(place) && statSync(place).isFile())
        this.#hashes.set(file, createHash('sha256').update(readFileSync(place)).digest('hex'));
    }
  }
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
  const { model, data, training } = preparedBy(spec);
  return canonical([model, data, training.evaluateEvery > 0, noise]);
}
