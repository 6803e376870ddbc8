/** What the modules on shared memory give to JavaScript; see kernels/README.md. */
export { serve } from './serve';
export * from './plain';
