/** The front of the compiler in one call: specialise, fuse, sweep. */
import { fuse } from './fuse/index.ts';
import { pruneHost } from './host.ts';
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
  fuse(program);
  const hostValues = [...program.values.values()]
    .filter((value) => value.kind === 'host')
    .map((value) => value.id);
  return { program, host: pruneHost(host, new Set(hostValues)) };
}
