/**
 * A model with a trained delta frozen into it: what the next stage of a run attaches to. The delta's nodes
 * stay, its tensors hold the trained values under names of their own, so that the same method may be attached
 * again; weights of the model that it trained hold their new values.
 */
import { floatInitializer } from '../graph/tensor.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { Rewriter } from './rewrite.ts';

const FROZEN = /^delta\.stage\d+\./;

/**
 * @param model what the delta was attached to
 * @param values trained tensors by name, the head's among them; others keep what the graph holds
 * @param stage from 1; names the frozen tensors
 */
export function freezeDelta(
  model: DeltaModel,
  delta: Delta,
  values: ReadonlyMap<string, Float32Array>,
  stage: number,
): DeltaModel {
  const { graph, moved } = new Rewriter(delta);
  const renamed = new Map<string, string>();
  for (const [name, initializer] of [...graph.initializers]) {
    const trained = values.get(name);
    const kept = trained === undefined ? initializer : floatInitializer(name, initializer.dims, trained);
    if (name.startsWith('delta.') && !FROZEN.test(name)) {
      const frozen = `delta.stage${stage}.${name.slice('delta.'.length)}`;
      renamed.set(name, frozen);
      graph.initializers.delete(name);
      graph.initializers.set(frozen, { ...kept, name: frozen });
    } else graph.initializers.set(name, kept);
  }
  const now = (name: string): string => renamed.get(name) ?? name;
  for (const node of graph.nodes) node.inputs = node.inputs.map(now);
  const changed = [...values.keys()].filter((name) => !renamed.has(name));
  return { ...model, graph, moved, own: new Set([...(model.own ?? []), ...changed]) };
}
