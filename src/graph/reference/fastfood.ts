/** Float64 references of the Fastfood projection (../fastfood.ts). */
import { fastfoodShape, gaussians, hadamard as transform, readKey } from '../fastfood.ts';
import { required, type ReferenceOp } from './op.ts';
import { refTensor, sizeOf, type RefTensor } from './tensor.ts';

export const hadamard: ReferenceOp<'Hadamard'> = (inputs) => {
  const { shape, data } = required(inputs, 0, 'Hadamard');
  const y = data.slice();
  const size = shape.at(-1)!;
  for (let from = 0; from < y.length; from += size) transform(y, from, size);
  return [refTensor(shape, y)];
};

/** Every element that is wanted: its place in the tensor and in the output, with its block computed once. */
function walk(
  count: number,
  width: number,
  ids: RefTensor | undefined,
  block: number,
  visit: (k: number, at: number, out: number) => void,
): void {
  if (!ids) for (let at = 0; at < count; at++) visit(Math.floor(at / block), at, at);
  else
    ids.data.forEach((id, t) => {
      for (let c = 0; c < width; c++) {
        const at = id * width + c;
        visit(Math.floor(at / block), at, t * width + c);
      }
    });
}

export const fastfood: ReferenceOp<'Fastfood'> = (inputs, _attributes, [shape]) => {
  const base = required(inputs, 0, 'Fastfood');
  const u = required(inputs, 1, 'Fastfood');
  const { seed, stream, scale } = readKey(required(inputs, 3, 'Fastfood').data);
  const own = fastfoodShape(u.data.length);
  const { block } = own;
  const blocks = new Map<number, Float64Array>();
  const blockOf = (k: number): Float64Array => {
    const known = blocks.get(k);
    if (known) return known;
    const v = new Float64Array(block);
    gaussians(own, seed, stream, k).forEach((g, i) => (v[i % block] += g * u.data[i]));
    transform(v, 0, block);
    blocks.set(k, v);
    return v;
  };
  const y = new Float64Array(sizeOf(shape));
  walk(base.data.length, base.shape.at(-1) ?? 1, inputs[4], block, (k, at, out) => {
    y[out] = base.data[at] + scale * blockOf(k)[at % block];
  });
  return [refTensor(shape, y)];
};

export const fastfoodGrad: ReferenceOp<'FastfoodGrad'> = (inputs, _attributes, [shape]) => {
  const dy = required(inputs, 0, 'FastfoodGrad');
  const { seed, stream, scale } = readKey(required(inputs, 2, 'FastfoodGrad').data);
  const own = fastfoodShape(sizeOf(shape));
  const { block } = own;
  const blocks = new Map<number, Float64Array>();
  walk(dy.data.length, dy.shape.at(-1) ?? 1, inputs[4], block, (k, at, out) => {
    const v = blocks.get(k) ?? new Float64Array(block);
    blocks.set(k, v);
    v[at % block] += dy.data[out];
  });
  const du = inputs[3] ? inputs[3].data.slice() : new Float64Array(sizeOf(shape));
  for (const [k, v] of blocks) {
    transform(v, 0, block);
    gaussians(own, seed, stream, k).forEach((g, i) => (du[i] += scale * g * v[i % block]));
  }
  return [refTensor(shape, du)];
};
