/** Backward of scalar functions and of broadcasting arithmetic. */
import type { UnaryKind } from '../graph/program.ts';
import type { Rule } from './rule.ts';

/** Kinds whose derivative is cheapest from the output; `UnaryGrad` takes y for these and x for the rest. */
const FROM_OUTPUT: ReadonlySet<UnaryKind> = new Set(['Tanh', 'Sigmoid', 'Exp', 'Sqrt', 'Reciprocal']);

export const unaryRule: Rule<'Unary'> = ({ node, dy, builder, needs, give }) => {
  if (!needs(0)) return;
  const [x] = node.inputs;
  const [y] = node.outputs;
  const { kind, factor } = node.attributes;
  const shape = builder.shape(x);
  const hint = `d:${x}`;
  if (kind === 'Shift' || kind === 'Threshold') give(0, dy);
  else if (kind === 'Scale' || kind === 'Neg')
    give(0, builder.apply('Unary', [dy], { ...node.attributes }, shape, hint, node.sources));
  else {
    const saved = FROM_OUTPUT.has(kind) ? y : x;
    const attributes = factor === undefined ? { kind } : { kind, factor };
    give(0, builder.apply('UnaryGrad', [dy, saved], attributes, shape, hint, node.sources));
  }
};

export const addRule: Rule<'Add'> = ({ node, dy, builder, needs, give }) => {
  for (const i of [0, 1])
    if (needs(i)) give(i, builder.sumTo(dy, builder.shape(node.inputs[i]), node.sources));
};

export const subRule: Rule<'Sub'> = ({ node, dy, builder, needs, give }) => {
  const [a, b] = node.inputs;
  if (needs(0)) give(0, builder.sumTo(dy, builder.shape(a), node.sources));
  if (needs(1)) {
    const sum = builder.sumTo(dy, builder.shape(b), node.sources);
    give(1, builder.apply('Unary', [sum], { kind: 'Neg' }, builder.shape(b), `d:${b}`, node.sources));
  }
};

export const mulRule: Rule<'Mul'> = ({ node, dy, builder, needs, give }) => {
  for (const [i, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    if (!needs(i)) continue;
    const x = node.inputs[i];
    const product = builder.apply(
      'Mul',
      [dy, node.inputs[other]],
      {},
      builder.shape(dy),
      `d:${x}`,
      node.sources,
    );
    give(i, builder.sumTo(product, builder.shape(x), node.sources));
  }
};

export const divRule: Rule<'Div'> = ({ node, dy, builder, needs, give }) => {
  const [a, b] = node.inputs;
  const [y] = node.outputs;
  const { sources } = node;
  const full = builder.shape(dy);
  if (!needs(0) && !needs(1)) return;
  const quotient = builder.apply('Div', [dy, b], {}, full, `d:${a}`, sources);
  if (needs(0)) give(0, builder.sumTo(quotient, builder.shape(a), sources));
  if (needs(1)) {
    const product = builder.apply('Mul', [quotient, y], {}, full, `d:${b}:full`, sources);
    const sum = builder.sumTo(product, builder.shape(b), sources);
    give(1, builder.apply('Unary', [sum], { kind: 'Neg' }, builder.shape(b), `d:${b}`, sources));
  }
};

export const whereRule: Rule<'Where'> = ({ node, dy, builder, needs, give }) => {
  const [c, a, b] = node.inputs;
  const zero = builder.scalar(0);
  const full = builder.shape(dy);
  if (needs(1)) {
    const kept = builder.apply('Where', [c, dy, zero], {}, full, `d:${a}`, node.sources);
    give(1, builder.sumTo(kept, builder.shape(a), node.sources));
  }
  if (needs(2)) {
    const kept = builder.apply('Where', [c, zero, dy], {}, full, `d:${b}`, node.sources);
    give(2, builder.sumTo(kept, builder.shape(b), node.sources));
  }
};
