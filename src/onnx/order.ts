/** Puts a file's nodes in an order in which they can be computed: some exporters and editors write any. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/**
 * The nodes, each behind those whose results it reads; nodes that stand so already stay as they are.
 * @param given values that are there before any node; null in a body, which may read any of the graph around it
 * @throws StudioError('model') where nodes wait for one another, or for a value that nothing makes
 */
export function sortedNodes(graph: GraphProto, given: ReadonlySet<string> | null, file: string): NodeProto[] {
  const producer = new Map<string, number>();
  graph.node.forEach((node, i) => {
    for (const output of node.output) {
      if (output === '') continue;
      if (producer.has(output))
        throw new StudioError(
          'model',
          say`${file}: two nodes make the value ${output} (the second is ${nameOf(node)}), so the file is damaged; export the model again.`,
          { where: nameOf(node) },
        );
      producer.set(output, i);
    }
  });
  /** For each node the nodes it waits for, and the other way round. */
  const waits = graph.node.map(() => 0);
  const wakes = graph.node.map((): number[] => []);
  graph.node.forEach((node, i) => {
    for (const value of new Set(readsOf(node))) {
      const from = producer.get(value);
      if (from === undefined && given !== null && !given.has(value)) throw nothingMakes(node, value, file);
      if (from === undefined || given?.has(value)) continue;
      waits[i]++;
      wakes[from].push(i);
    }
  });
  const ready = new SmallestFirst();
  waits.forEach((count, i) => count === 0 && ready.add(i));
  const sorted: NodeProto[] = [];
  for (let i = ready.take(); i !== undefined; i = ready.take()) {
    sorted.push(graph.node[i]);
    for (const next of wakes[i]) if (--waits[next] === 0) ready.add(next);
  }
  const stuck = waits.findIndex((count) => count > 0);
  if (stuck >= 0)
    throw new StudioError(
      'model',
      say`${file}: the node ${nameOf(graph.node[stuck])} waits for its own result (the graph has a cycle), so it cannot be computed; export the model again.`,
      { where: nameOf(graph.node[stuck]) },
    );
  for (const output of graph.output)
    if (given !== null && !producer.has(output.name) && !given.has(output.name))
      throw new StudioError(
        'model',
        say`${file}: no node makes the output ${output.name}, so the file is damaged; export the model again.`,
        { where: output.name },
      );
  return sorted;
}

/** Values that a node reads, those that its bodies read from around them included. */
function readsOf(node: NodeProto): string[] {
  const bodies = node.attribute.flatMap(({ g }) => (g ? [g] : []));
  return [...node.input, ...bodies.flatMap(freeValues)].filter((value) => value !== '');
}

/** What a body reads and does not make. */
function freeValues(body: GraphProto): string[] {
  const own = new Set([
    ...body.input.map(({ name }) => name),
    ...body.initializer.map(({ name }) => name),
    ...body.node.flatMap((node) => node.output),
  ]);
  const read = [...body.node.flatMap(readsOf), ...body.output.map(({ name }) => name)];
  return read.filter((value) => !own.has(value));
}

function nothingMakes(node: NodeProto, value: string, file: string): StudioError {
  return new StudioError(
    'model',
    say`${file}: the node ${nameOf(node)} (${node.opType}) reads ${value}, which nothing makes, so the file is damaged; export the model again.`,
    { where: nameOf(node) },
  );
}

function nameOf(node: NodeProto): string {
  return node.name || `${node.opType}:${node.output[0] ?? ''}`;
}

/** Numbers that come out smallest first: a binary heap. */
class SmallestFirst {
  readonly #heap: number[] = [];

  add(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0 && heap[(at - 1) >> 1] > value) {
      heap[at] = heap[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    heap[at] = value;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0] as number | undefined;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= last) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
