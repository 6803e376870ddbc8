/** Names by place in the order of layers, for exports that kept none. */
import type { SourceGraph } from '../graph/source.ts';

/** Initializer name in the file → parameter name. Empty unless the export has no names at all. */
export function positionalNames(
  _graph: SourceGraph,
  _config: Readonly<Record<string, unknown>>,
): Map<string, string> {
  return new Map();
}
