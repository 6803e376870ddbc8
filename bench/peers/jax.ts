/** jax-js in its own process, its WebGPU back end or with `DELTA_ADAPTER=wasm` its WebAssembly one: matmul alone. */
import type { numpy } from '@jax-js/jax';
import type { MatmulCase } from '../../src/measure/matmul.ts';
import { timeRepeated, type Spent } from './cases.ts';
import { installNavigator } from './navigator.ts';
import { serve } from './protocol.ts';

type Numbers = numpy.Array;

const backend = process.env.DELTA_ADAPTER === 'wasm' ? 'wasm' : 'webgpu';
if (backend === 'webgpu') await installNavigator();
const jax = await import('@jax-js/jax');
await jax.init(backend);
jax.defaultDevice(backend);
const { numpy: np, random } = jax;

/** One compiled function a form: transposition is part of what its compiler sees. */
const products = {
  NN: jax.jit((a: Numbers, b: Numbers) => np.matmul(a, b)),
  NT: jax.jit((a: Numbers, b: Numbers) => np.matmul(a, np.transpose(b))),
  TN: jax.jit((a: Numbers, b: Numbers) => np.matmul(np.transpose(a), b)),
};

const calls = {
  async matmul({ form, m, n, k, milliseconds }: MatmulCase & { milliseconds: number }): Promise<Spent> {
    const a = random.normal(random.key(1), form[0] === 'T' ? [k, m] : [m, k]);
    const b = random.normal(random.key(2), form[1] === 'T' ? [n, k] : [k, n]);
    await jax.blockUntilReady([a, b]);
    const timing = await timeRepeated(
      async (times) => {
        // Arrays are lazy: one that is thrown away before its kernel was submitted is never computed.
        const results = Array.from({ length: times }, () => products[form](a.ref, b.ref));
        await jax.blockUntilReady(results);
        for (const result of results) result.dispose();
      },
      5,
      milliseconds,
    );
    a.dispose();
    b.dispose();
    return timing;
  },
};

export type JaxCalls = typeof calls;
serve(calls);
