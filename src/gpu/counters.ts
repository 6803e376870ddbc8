/** How many GPU objects were made on a device so far: a training step in steady state must add none. */
export interface Counters {
  buffers: number;
  bindGroups: number;
  pipelines: number;
}
