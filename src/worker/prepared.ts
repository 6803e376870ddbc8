/**
 * Keeps what was last prepared: tokenizing a large dataset again for every change of a method takes too long. So does
 * compiling every method again.
 */
import type { RunSpec } from '../runs/spec.ts';
import { atOnce, inTurns, type Steps } from '../steps.ts';
import { preparedFor, prepareSteps, type Materials } from '../train/prepare.ts';
import { KeptPlans } from '../train/kept-plans.ts';
import type { Prepared } from '../train/prepared.ts';

/** What was begun, to its end or so far. */
interface Begun {
  key: string;
  materials: Materials;
  steps: Steps<Prepared>;
  prepared: Prepared | null;
}

export class PreparedCache {
  #begun: Begun | null = null;

  /** @throws StudioError as `prepare` */
  get(spec: RunSpec, materials: Materials): Prepared {
    const begun = this.#begin(spec, materials);
    return this.#kept(spec, begun, begun.prepared ?? atOnce(begun.steps));
  }

  /**
   * The same, with other messages heard meanwhile.
   * @param check called between; after it has thrown, what is done so far is gone on with when it is asked for again
   * @throws StudioError as `prepare`, and what `check` throws
   */
  async inTurns(spec: RunSpec, materials: Materials, check: () => void): Promise<Prepared> {
    const begun = this.#begin(spec, materials);
    return this.#kept(spec, begun, begun.prepared ?? (await inTurns(begun.steps, check)));
  }

  #kept(spec: RunSpec, begun: Begun, prepared: Prepared): Prepared {
    begun.prepared ??= { ...prepared, kept: new KeptPlans() };
    return preparedFor(begun.prepared, spec);
  }

  #begin(spec: RunSpec, materials: Materials): Begun {
    const rowSeed = spec.data.splitSeed ?? spec.training.seed;
    const tasks = spec.tasks?.map((task) => ({ ...task, splitSeed: task.splitSeed ?? rowSeed }));
    const key = JSON.stringify([spec.model, { ...spec.data, splitSeed: rowSeed }, tasks]);
    const known = this.#begun;
    if (known !== null && known.key === key && sameMaterials(known.materials, materials)) return known;
    // Steps that have thrown are at their end, and have made nothing.
    const drop = (): void => {
      if (this.#begun === begun) this.#begun = null;
    };
    const begun: Begun = {
      key,
      materials,
      steps: dropping(prepareSteps(spec, materials), drop),
      prepared: null,
    };
    this.#begun = begun;
    return begun;
  }
}

function* dropping<Value>(steps: Steps<Value>, drop: () => void): Steps<Value> {
  try {
    return yield* steps;
  } catch (error) {
    drop();
    throw error;
  }
}

function sameMaterials(a: Materials, b: Materials): boolean {
  const same = a.train === b.train && a.validation === b.validation && a.test === b.test;
  return same && a.model === b.model && sameTables(a.tasks, b.tasks);
}

function sameTables(a: Materials['tasks'] = [], b: Materials['tasks'] = []): boolean {
  return (
    a.length === b.length &&
    a.every(
      (one, i) => one.train === b[i].train && one.validation === b[i].validation && one.test === b[i].test,
    )
  );
}
