/** A model's head under names of its own, so that several tasks may each have one beside the shared weights. */
import { cloneSourceGraph } from '../graph/source.ts';
import type { Model } from './model.ts';

/** What the head's tensors are called of a task: `classifier.weight@sst2`. */
export function taskTensor(name: string, task: string): string {
  return `${name}@${task}`;
}

/** The tensor's name without its task. */
export function withoutTask(name: string, task: string): string {
  const ending = taskTensor('', task);
  return name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

/** The model with its head named after the task; as it is where it has none. */
export function withTaskHead(model: Model, task: string): Model {
  if (model.head.length === 0) return model;
  const names = new Map(model.head.map((name) => [name, taskTensor(name, task)]));
  const now = (name: string): string => names.get(name) ?? name;
  const graph = cloneSourceGraph(model.graph);
  graph.initializers = new Map(
    [...graph.initializers.values()].map((tensor) => [
      now(tensor.name),
      { ...tensor, name: now(tensor.name) },
    ]),
  );
  for (const node of graph.nodes) node.inputs = node.inputs.map(now);
  const parameters = new Map(
    [...model.parameters].map(([name, parameter]) => [
      now(name),
      { ...parameter, name: now(parameter.name) },
    ]),
  );
  return { ...model, graph, parameters, head: model.head.map(now) };
}
