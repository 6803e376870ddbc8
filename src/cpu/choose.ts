/** Which build of the kernels an engine takes. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/** The best build that this engine validates, of `relaxed` and `simd`. @throws StudioError('device') for neither */
export function chooseBuild<T extends BufferSource>(builds: {
  relaxed: T;
  simd: T;
}): { code: T; relaxed: boolean } {
  if (WebAssembly.validate(builds.relaxed)) return { code: builds.relaxed, relaxed: true };
  if (WebAssembly.validate(builds.simd)) return { code: builds.simd, relaxed: false };
  throw new StudioError(
    'device',
    say`This machine's WebAssembly has no SIMD and no threads: use a current Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.`,
  );
}
