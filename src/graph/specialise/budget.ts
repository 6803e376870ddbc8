/**
 * How much a model may have worked out before it is trained. A file of some kilobytes can ask for any number of
 * constants; models that are trained need tables of positions, masks and what stands in the file.
 */
import { say } from '../../sentence.ts';
import { extentOf, type Cost } from '../onnx-ops/cost.ts';
import { InvalidNode } from '../onnx-ops/invalid.ts';
import type { SourceGraph } from '../source.ts';
import { ELEMENT_BYTES, placeOfBytes } from '../tensor.ts';

/** Numbers of one value beyond what file and batch account for: a table of 4,096 positions of 1,024. */
const ALWAYS = 2 ** 22;
/** Heads of the attention whose masks and biases a model works out for every pair of tokens. */
const HEADS = 16;
/** Values of the largest size that a model may work out. */
const VALUES = 4;
/** Numbers of a value of the program: 64 TiB of floats. */
const LARGEST_ON_DEVICE = 2 ** 44;

export class Budget {
  private readonly most: number;
  private left: number;

  /** @param inputShapes the batch's, for what grows with it */
  constructor(graph: SourceGraph, inputShapes: Readonly<Record<string, readonly number[]>>) {
    const pairs = Object.values(inputShapes).map((shape) => extentOf(shape) * Math.max(1, ...shape));
    this.most = ALWAYS + storedBytes(graph) + HEADS * pairs.reduce((sum, n) => sum + n, 0);
    this.left = VALUES * this.most;
  }

  /**
   * Before a value is worked out or held.
   * @throws InvalidNode where it, or all so far together, is more than a model needs
   */
  spend({ elements, work }: Cost): void {
    if (elements > this.most)
      throw new InvalidNode(
        say`it would make ${count(elements)} numbers before training, where at most ${count(this.most)} are worked out for a model of this size`,
      );
    this.left -= work;
    if (this.left < 0)
      throw new InvalidNode(
        say`with it more than ${count(VALUES * this.most)} numbers would be worked out before training, more than a model of this size needs`,
      );
  }

  /** Values of the program take no memory until a device is asked for it, so only their shape is looked at. */
  checkShape(shape: readonly number[]): void {
    if (extentOf(shape) > LARGEST_ON_DEVICE)
      throw new InvalidNode(
        say`its result would have the shape [${shape.join(', ')}], which no device holds`,
      );
  }
}

const count = (n: number): string => n.toLocaleString('en');

/** Bytes of the initializers; what aliases share counts once. */
function storedBytes(graph: SourceGraph): number {
  const seen = new Map<object, Set<string>>();
  let stored = 0;
  for (const tensor of graph.initializers.values()) {
    if (tensor.later) {
      stored += ELEMENT_BYTES[tensor.type] * extentOf(tensor.dims);
      continue;
    }
    const { bytes } = tensor;
    const { place, offset } = placeOfBytes(bytes);
    const parts = seen.get(place) ?? new Set();
    seen.set(place, parts);
    const part = `${offset} ${bytes.byteLength}`;
    if (!parts.has(part)) stored += bytes.byteLength;
    parts.add(part);
  }
  return stored;
}
