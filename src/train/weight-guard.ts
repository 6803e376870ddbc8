/**
 * Copies of the trained tensors that are known to give a finite loss, for a run that blows up. The device
 * leaves out an update whose gradients are not finite; but an update can be finite and ruinous, which
 * shows at the next step only. A copy is good once a later step's loss was finite.
 */
import type { Instance } from './instance.ts';

export type Tensors = ReadonlyMap<string, Float32Array>;

/** Steps between copies. */
const INTERVAL = 50;
/** Models that train more than this many bytes are not copied: the host's memory is not ours to fill. */
const LARGEST = 256 * 2 ** 20;

export class WeightGuard {
  readonly #instance: Instance;
  readonly enabled: boolean;
  #candidate: { tensors: Tensors; step: number } | null = null;
  #good: { tensors: Tensors; step: number } | null = null;

  constructor(instance: Instance) {
    this.#instance = instance;
    this.enabled = instance.trainableParameters * 4 <= LARGEST;
  }

  due(step: number): boolean {
    return this.enabled && step % INTERVAL === 0;
  }

  /** Copies the tensors as they are after `step`; nothing may be in flight. */
  async copy(step: number): Promise<void> {
    this.#candidate = { tensors: await this.#instance.read(), step };
  }

  /** A step after the copy had a finite loss. */
  confirm(): void {
    if (this.#candidate === null) return;
    this.#good = this.#candidate;
    this.#candidate = null;
  }

  /** The last copy known to be good. */
  get good(): Tensors | null {
    return this.#good?.tensors ?? null;
  }

  /** The step whose weights `good` are; 0 when there are none. */
  get goodStep(): number {
    return this.#good?.step ?? 0;
  }
}
