/** The fused loss: when it takes the logits' place, and that it gives what the plain one gives. */
import { describe, expect, it } from 'vitest';
import { Sketch } from '../../tests/support/sketch.ts';
import { interpretProgram } from '../graph/interpret.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { Program } from '../graph/program.ts';
import { refTensor, type RefTensor } from '../graph/reference/tensor.ts';
import { verifyProgram } from '../graph/verify.ts';
import { differentiate } from './differentiate.ts';
import { fuseLinearLoss, ROW_LOSSES } from './linear-loss.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from './loss.ts';

const PLAIN = { transA: false, transB: false, flattenK: false, alpha: 1 };
const BATCH = 2;
const LENGTH = 3;
const WIDTH = 4;
const VOCABULARY = 7;

/** tanh(x·w) times a vocabulary, [batch, length, vocabulary]. */
function model(transB: boolean, bias: boolean): { sketch: Sketch; logits: string } {
  const sketch = new Sketch();
  const x = sketch.parameter('x', [BATCH, LENGTH, WIDTH]);
  const w = sketch.parameter('w', [WIDTH, WIDTH]);
  const linear = sketch.linear(x, w);
  const hidden = sketch.node('Unary', [linear], { kind: 'Tanh' }, [BATCH, LENGTH, WIDTH])[0];
  const head = sketch.parameter('head', transB ? [VOCABULARY, WIDTH] : [WIDTH, VOCABULARY]);
  const inputs = [hidden, head];
  if (bias) inputs.push(sketch.parameter('bias', [VOCABULARY]));
  const attributes = { ...PLAIN, transB, alpha: 0.5 };
  const [logits] = sketch.node('MatMul', inputs, attributes, [BATCH, LENGTH, VOCABULARY]);
  return { sketch, logits };
}

function given(program: Program): Map<string, RefTensor> {
  const values = new Map<string, RefTensor>();
  let stream = 0;
  for (const { id, shape, kind } of program.values.values()) {
    if (kind !== 'parameter') continue;
    const random = new PhiloxStream(5, stream++);
    const count = shape.reduce((n, d) => n * d, 1);
    values.set(
      id,
      refTensor(
        shape,
        Float64Array.from({ length: count }, () => random.normal()),
      ),
    );
  }
  const rows = BATCH * LENGTH;
  values.set(LABELS, refTensor([rows], [3, 0, 6, -100, 2, 3], 'int32'));
  values.set(WEIGHTS, refTensor([rows], [0.2, 0.2, 0.2, 0, 0.2, 0.2]));
  return values;
}

const withLoss = ({ sketch, logits }: ReturnType<typeof model>): Program =>
  attachLoss({ ...sketch.program, outputs: [logits] }, logits, 'crossEntropy');

describe('the fused loss', () => {
  it.each([
    { transB: false, bias: false },
    { transB: true, bias: false },
    { transB: false, bias: true },
    { transB: true, bias: true },
  ])('gives the loss and gradients of the plain one, %o', ({ transB, bias }) => {
    const plain = withLoss(model(transB, bias));
    const fused = fuseLinearLoss(plain, 1);
    expect(fused.nodes.map((node) => node.op)).toEqual(['MatMul', 'Unary', 'LinearCrossEntropy']);
    expect(fused.outputs).toEqual([LOSS]);
    verifyProgram(fused);
    const trained = ['w', 'head', ...(bias ? ['bias'] : [])];
    const [a, b] = [plain, fused].map((program) => {
      const { program: whole, gradients } = differentiate(program, LOSS, trained);
      verifyProgram(whole);
      const values = interpretProgram(whole, given(whole));
      return { values, gradients };
    });
    expect(b.values.get(LOSS)!.data[0]).toBeCloseTo(a.values.get(LOSS)!.data[0], 12);
    for (const name of trained) {
      const expected = a.values.get(a.gradients.get(name)!)!;
      const actual = b.values.get(b.gradients.get(name)!)!;
      expect(actual.shape).toEqual(expected.shape);
      actual.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i], 12));
    }
    const losses = b.values.get(ROW_LOSSES)!.data;
    expect(losses[3]).toBe(0);
    expect(losses.reduce((sum, value) => sum + 0.2 * value, 0)).toBeCloseTo(a.values.get(LOSS)!.data[0], 12);
  });

  it('has the gradient that differences give', () => {
    const forward = fuseLinearLoss(withLoss(model(true, true)), 1);
    const trained = ['x', 'head', 'bias'];
    const { program, gradients } = differentiate(forward, LOSS, trained);
    const values = given(program);
    const results = interpretProgram(program, values);
    for (const name of trained) {
      const { shape, data } = values.get(name)!;
      const gradient = results.get(gradients.get(name)!)!.data;
      data.forEach((value, i) => {
        const at = (x: number): number => {
          const moved = new Map(values).set(name, refTensor(shape, data.with(i, x)));
          return interpretProgram(forward, moved).get(LOSS)!.data[0];
        };
        const expected = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
        expect(Math.abs(gradient[i] - expected), `${name}[${i}]`).toBeLessThan(1e-9);
      });
    }
  });

  it('makes no gradient of a frozen head, and none at all below what is trained', () => {
    const forward = fuseLinearLoss(withLoss(model(true, false)), 1);
    const { program } = differentiate(forward, LOSS, ['head']);
    expect(program.nodes.at(-1)!.outputs).toEqual(['', 'd:head', '']);
    const below = differentiate(forward, LOSS, ['w']).program;
    const grad = below.nodes.find((node) => node.op === 'LinearCrossEntropyGrad')!;
    expect(grad.outputs.slice(1)).toEqual(['', '']);
  });

  it('stays away from few classes, from logits others read, and from other losses', () => {
    const small = withLoss(model(false, false));
    expect(fuseLinearLoss(small)).toBe(small);
    const { sketch, logits } = model(false, false);
    sketch.node('Unary', [logits], { kind: 'Tanh' }, [BATCH, LENGTH, VOCABULARY]);
    const shared = withLoss({ sketch, logits });
    expect(fuseLinearLoss(shared, 1)).toBe(shared);
    const other = new Sketch();
    const z = other.linear(other.parameter('x', [3, 2]), other.parameter('w', [2, 1]));
    const squared = attachLoss({ ...other.program, outputs: [z] }, z, 'meanSquared');
    expect(fuseLinearLoss(squared, 1)).toBe(squared);
  });
});
