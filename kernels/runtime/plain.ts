/** What the module of one thread, on memory of its own, gives to JavaScript. */
export { run, runParts } from './commands';
export { peak, reading, writing } from './peak';
export { setWork } from './work';
