/** Tests of a software GPU, whose kernels are compiled and run on the cores that wait for them. */
import { afterAll, beforeAll } from 'vitest';
import { napWhile } from '../../src/gpu/node-nap.ts';

/** While the tests of this file run, waiting for the device leaves the cores to the device: see `napWhile`. */
export function napping(): void {
  let end = (): void => {};
  beforeAll(() => {
    void napWhile(new Promise<void>((resolve) => (end = resolve)));
  });
  afterAll(() => end());
}
