/** Tensors of the float64 reference interpreter: everything is a double, whatever its declared type. */
import type { ElementType } from '../source.ts';

export interface RefTensor {
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly data: Float64Array;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

export function refTensor(
  shape: readonly number[],
  data: ArrayLike<number>,
  type: ElementType = 'float32',
): RefTensor {
  const n = sizeOf(shape);
  if (data.length !== n)
    throw new Error(
      `internal: a tensor of shape [${shape.join(', ')}] needs ${n} elements, got ${data.length}`,
    );
  return { shape: [...shape], type, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}
