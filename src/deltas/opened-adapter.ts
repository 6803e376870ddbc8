/** Adapters that were trained before, as a method takes them that is built of several. */
import type { StudioError } from '../errors.ts';
import type { AdapterOptions } from './adapter-options.ts';
import type { DeltaTensor } from './delta-tensor.ts';

/** A trained bottleneck adapter, read from its folder. */
export interface OpenedAdapter {
  /** What files of a fusion call it. */
  name: string;
  options: AdapterOptions;
  /** As the method `adapter` makes them on the model, with the values that were trained. */
  tensors: readonly DeltaTensor[];
  /** AdapterHub's configuration of it. */
  hubConfig: Readonly<Record<string, unknown>>;
}

/** By the folder that a spec names: the adapter, or why it cannot be had. */
export type OpenedAdapters = Map<string, OpenedAdapter | StudioError>;
