/** `npm run kernels`: compiles the WebAssembly kernels when their sources have changed. */
import { buildKernels } from '../src/cpu/node-build.ts';

await buildKernels((sentence) => console.log(sentence));
