import { describe, expect, it } from 'vitest';
import { Sketch } from '../../tests/support/sketch.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import { attachLoss, LABELS, LOSS, WEIGHTS } from '../autodiff/loss.ts';
import { interpretProgram } from '../graph/interpret.ts';
import { PhiloxStream } from '../graph/philox.ts';
import type { Program } from '../graph/program.ts';
import { refTensor } from '../graph/reference/tensor.ts';
import type { RefTensor } from '../graph/reference/tensor.ts';
import { foldScales, fuseEpilogues } from './epilogues.ts';

function values(program: Program): Map<string, RefTensor> {
  const given = new Map<string, RefTensor>();
  let stream = 0;
  for (const { id, kind, shape } of program.values.values()) {
    if (kind !== 'parameter' && kind !== 'host') continue;
    const random = new PhiloxStream(5, stream++);
    const n = shape.reduce((a, d) => a * d, 1);
    const value = (i: number): number => (id === LABELS ? i % 2 : id === WEIGHTS ? 1 / n : random.normal());
    given.set(
      id,
      refTensor(
        shape,
        Float64Array.from({ length: n }, (_, i) => value(i)),
      ),
    );
  }
  return given;
}

/** A feed-forward block with a low-rank branch: what LoRA on a transformer layer looks like. */
function block(): { forward: Program; trained: string[] } {
  const s = new Sketch();
  const x = s.host('x', [3, 4]);
  const h = s.linear(x, s.parameter('w0', [4, 4]));
  const z = s.linear(h, s.parameter('w1', [4, 6]), s.parameter('b1', [6]));
  const g = s.node('Unary', [z], { kind: 'Gelu' }, [3, 6])[0];
  const down = s.linear(g, s.parameter('a', [6, 2]));
  const up = s.linear(down, s.parameter('b', [2, 4]));
  const scaled = s.node('Unary', [up], { kind: 'Scale', factor: 2 }, [3, 4])[0];
  const out = s.linear(g, s.parameter('w2', [6, 4]), s.parameter('b2', [4]));
  const sum = s.node('Add', [out, scaled], {}, [3, 4])[0];
  const residual = s.node('Add', [sum, h], {}, [3, 4])[0];
  const tanh = s.node('Unary', [residual], { kind: 'Tanh' }, [3, 4])[0];
  const logits = s.linear(tanh, s.parameter('c', [4, 2]));
  return {
    forward: attachLoss({ ...s.program, outputs: [logits] }, logits, 'crossEntropy'),
    trained: ['w0', 'a', 'b', 'c'],
  };
}

describe('epilogues', () => {
  it('change neither loss nor gradients', () => {
    const { forward, trained } = block();
    const before = differentiate(forward, LOSS, trained);
    const after = differentiate(foldScales(forward), LOSS, trained);
    const fused = fuseEpilogues(after.program, new Set([...after.gradients.values(), LOSS]));
    const given = values(before.program);
    const expected = interpretProgram(before.program, given);
    const actual = interpretProgram(fused, given);
    expect(actual.get(LOSS)!.data[0]).toBeCloseTo(expected.get(LOSS)!.data[0], 12);
    for (const name of trained) {
      const a = actual.get(after.gradients.get(name)!)!.data;
      const e = expected.get(before.gradients.get(name)!)!.data;
      a.forEach((value, i) => expect(value).toBeCloseTo(e[i], 12));
    }
  });

  it('leave one dispatch for a linear with its bias, activation or residual', () => {
    const { forward, trained } = block();
    const { program, gradients } = differentiate(foldScales(forward), LOSS, trained);
    const fused = fuseEpilogues(program, new Set([...gradients.values(), LOSS]));
    const ops = (phase: string): string[] => fused.nodes.filter((n) => n.phase === phase).map((n) => n.op);
    // w0, w1+gelu, a, w2, b+sum+residual (one takes the branch, one the stream), tanh where no product precedes it.
    expect(ops('forward').filter((op) => op === 'MatMul')).toHaveLength(6);
    expect(ops('forward')).not.toContain('Unary:Scale');
    expect(ops('forward').filter((op) => op === 'Add').length).toBeLessThanOrEqual(1);
    expect(ops('backward')).not.toContain('UnaryGrad');
  });

  it('keep a value that is read from outside', () => {
    const s = new Sketch();
    const z = s.linear(s.host('x', [3, 4]), s.parameter('w', [4, 4]));
    const y = s.node('Unary', [z], { kind: 'Relu' }, [3, 4])[0];
    const program = { ...s.program, outputs: [y] };
    expect(fuseEpilogues(program, new Set([y])).nodes[0].outputs).toEqual([y]);
    expect(fuseEpilogues(program, new Set([y, z])).nodes[0].outputs).toEqual([y, z]);
  });
});
