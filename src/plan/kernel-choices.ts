/**
 * Kernels of a real GPU come in families of variants that compute the same. Which one is fastest differs from GPU to
 * GPU, so nothing is said of it here: a tuner times them on the classes of shapes that a plan has (gpu/tuner.ts) and
 * puts what it found into the adapter's profile. Without a choice a family's usual variant runs.
 */

/** Name of a variant by class of shapes. */
export type KernelChoices = Readonly<Record<string, string>>;

/** A size that stands for those near it, in powers of two. */
const near = (size: number): number => 2 ** Math.max(0, Math.round(Math.log2(size)));

/** A family and the sizes that decide in it: the shapes of a class are within a factor of √2 of these. */
export type ShapeClass =
  | { family: 'matmul'; form: 'NN' | 'NT' | 'TN' | 'TT'; batch: number; m: number; n: number; k: number }
  | { family: 'attention' | 'attention-grad'; heads: number; dim: number; queries: number; keys: number }
  | { family: 'rows'; rows: number; columns: number };

/** The class of a shape as a word. */
export function classKey(shape: ShapeClass): string {
  switch (shape.family) {
    case 'matmul':
      return ['matmul', shape.form, ...[shape.batch, shape.m, shape.n, shape.k].map(near)].join(' ');
    case 'attention':
    case 'attention-grad':
      // Heads of all texts together; a head's width is what it is.
      return [shape.family, near(shape.heads), shape.dim, near(shape.queries), near(shape.keys)].join(' ');
    case 'rows':
      return ['rows', near(shape.rows), near(shape.columns)].join(' ');
  }
}

/** The class that a word names, with the sizes that stand for it. */
export function classOf(key: string): ShapeClass {
  const [family, ...rest] = key.split(' ');
  if (family === 'matmul') {
    const [form, ...sizes] = rest;
    const [batch, m, n, k] = sizes.map(Number);
    return { family, form: form as 'NN', batch, m, n, k };
  }
  const [a, b, c, d] = rest.map(Number);
  if (family === 'attention' || family === 'attention-grad')
    return { family, heads: a, dim: b, queries: c, keys: d };
  if (family === 'rows') return { family, rows: a, columns: b };
  throw new Error(`internal: there is no family of kernels ${family}`);
}

/** What was chosen for a class, of variants that the adapter's limits allow; undefined for the usual one. */
export function chosen<Variant>(
  key: string,
  variants: Readonly<Record<string, Variant>>,
  { choices }: { choices?: KernelChoices },
): Variant | undefined {
  const name = choices?.[key];
  return name === undefined ? undefined : variants[name];
}
