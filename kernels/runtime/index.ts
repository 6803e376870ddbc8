/** What the module gives to JavaScript; see kernels/README.md. */
export { run, runParts } from './commands';
export { peak } from './peak';
export { serve } from './serve';
export { setWork } from './work';
