import { describe, expect, it } from 'vitest';
import { Sketch } from '../../tests/support/sketch.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import { attachLoss, LOSS } from '../autodiff/loss.ts';
import { interpretProgram } from '../graph/interpret.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { Program } from '../graph/program.ts';
import { refTensor, type RefTensor } from '../graph/reference/tensor.ts';
import { fuseBiasGradients } from './bias-gradients.ts';
import { fuseEpilogues } from './epilogues.ts';

/** Two linear layers whose weights, and biases, are asked for. */
function gradientsOf(trained: readonly string[]): { program: Program; gradients: Map<string, string> } {
  const s = new Sketch();
  const z = s.linear(s.host('x', [3, 4]), s.parameter('w0', [4, 6]), s.parameter('b0', [6]));
  const g = s.node('Unary', [z], { kind: 'Gelu' }, [3, 6])[0];
  const logits = s.linear(g, s.parameter('w1', [6, 2]), s.parameter('b1', [2]));
  const forward = attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy');
  const { program, gradients } = differentiate(forward, LOSS, trained);
  return { program: fuseEpilogues(program, new Set([...gradients.values(), LOSS])), gradients };
}

function values(program: Program): Map<string, RefTensor> {
  const random = new PhiloxStream(7, 1);
  const given = new Map<string, RefTensor>();
  for (const { id, kind, type, shape } of program.values.values()) {
    if (kind !== 'parameter' && kind !== 'host') continue;
    const length = shape.reduce((n, d) => n * d, 1);
    const data = Float64Array.from({ length }, (_, i) => (type === 'i32' ? i % 2 : random.normal()));
    given.set(id, refTensor(shape, data));
  }
  return given;
}

const reduces = ({ nodes }: Program): number =>
  nodes.filter(({ op, phase }) => op === 'Reduce' && phase === 'backward').length;

describe('gradients of biases', () => {
  it('are made by the products that make those of their weights, the same numbers', () => {
    const trained = ['w0', 'b0', 'w1', 'b1'];
    const { program, gradients } = gradientsOf(trained);
    const fused = fuseBiasGradients(program);
    expect([reduces(program), reduces(fused)]).toEqual([2, 0]);
    expect(fused.nodes).toHaveLength(program.nodes.length - 2);
    const given = values(program);
    const [expected, actual] = [program, fused].map((one) => interpretProgram(one, given));
    for (const name of trained) {
      const id = gradients.get(name)!;
      expect(actual.get(id)!.shape).toEqual(expected.get(id)!.shape);
      actual.get(id)!.data.forEach((value, i) => expect(value).toBeCloseTo(expected.get(id)!.data[i], 12));
    }
  });

  it('stay by themselves where the weight is frozen', () => {
    const { program } = gradientsOf(['b0', 'b1']);
    expect(fuseBiasGradients(program).nodes).toEqual(program.nodes);
    expect(reduces(program)).toBe(2);
  });
});
