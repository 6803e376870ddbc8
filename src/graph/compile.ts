/** The front of the compiler in one call: specialise, fuse, sweep. */
import { fuse } from './fuse/index.ts';
import { pruneHost, shareHost } from './host-sweep.ts';
import type { Parameter, SourceGraph } from './source.ts';
import { specialise } from './specialise.ts';
import type { Specialised, SpecialiseOptions } from './specialise.ts';

export type { Specialised, SpecialiseOptions } from './specialise.ts';

/**
 * Compiles the forward pass of a source graph for fixed input shapes.
 * @throws StudioError as `specialise` does
 */
export function compileForward(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
  options: SpecialiseOptions,
): Specialised {
  const { program, host } = specialise(graph, parameters, options);
  shareHost(program, host);
  fuse(program);
  return { program, host: pruneHost(host, program) };
}
