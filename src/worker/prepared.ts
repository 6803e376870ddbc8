/**
 * Keeps what was last prepared: tokenizing a large dataset again for every change of a method takes too long. So does
 * compiling every method again.
 */
import type { RunSpec } from '../runs/spec.ts';
import { prepare, preparedFor, type Materials } from '../train/prepare.ts';
import { KeptPlans } from '../train/kept-plans.ts';
import type { Prepared } from '../train/prepared.ts';

export class PreparedCache {
  #materials: Materials | null = null;
  #key = '';
  #prepared: Prepared | null = null;

  /** @throws StudioError as `prepare` */
  get(spec: RunSpec, materials: Materials): Prepared {
    const rowSeed = spec.data.splitSeed ?? spec.training.seed;
    const tasks = spec.tasks?.map((task) => ({ ...task, splitSeed: task.splitSeed ?? rowSeed }));
    const key = JSON.stringify([spec.model, { ...spec.data, splitSeed: rowSeed }, tasks]);
    const { model, train, validation, test } = materials;
    const known = this.#materials;
    const same =
      known?.model === model &&
      known.train === train &&
      known.validation === validation &&
      known.test === test &&
      sameTables(known.tasks, materials.tasks) &&
      this.#key === key;
    if (!same || this.#prepared === null) {
      this.#prepared = { ...prepare(spec, materials), kept: new KeptPlans() };
      this.#materials = materials;
      this.#key = key;
    }
    return preparedFor(this.#prepared, spec);
  }
}

function sameTables(a: Materials['tasks'] = [], b: Materials['tasks'] = []): boolean {
  return (
    a.length === b.length &&
    a.every(
      (one, i) => one.train === b[i].train && one.validation === b[i].validation && one.test === b[i].test,
    )
  );
}
