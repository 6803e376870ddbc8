import { describe, expect, it } from 'vitest';
import type { AnyNode, Program, ProgramValue } from './program.ts';
import { verifyProgram } from './verify.ts';

const value = (id: string, shape: number[], kind: ProgramValue['kind'] = 'node'): ProgramValue => ({
  id,
  shape,
  type: 'f32',
  kind,
});

/** y = x·w, then its square root: legal. */
function legal(): Program & { nodes: AnyNode[] } {
  const values = [
    value('x', [2, 3], 'parameter'),
    value('w', [3, 4], 'parameter'),
    value('y', [2, 4]),
    value('z', [2, 4]),
  ];
  return {
    values: new Map(values.map((v) => [v.id, v])),
    nodes: [
      {
        op: 'MatMul',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { transA: false, transB: false, flattenK: false, alpha: 1 },
        sources: ['product'],
        phase: 'forward',
      },
      {
        op: 'Unary',
        inputs: ['y'],
        outputs: ['z'],
        attributes: { kind: 'Sqrt' },
        sources: [],
        phase: 'forward',
      },
    ],
    outputs: ['z'],
  };
}

describe('verifyProgram', () => {
  it('accepts a legal program', () => expect(() => verifyProgram(legal())).not.toThrow());

  it.each<[string, (program: Program) => void, RegExp]>([
    ['nodes out of order', (p) => p.nodes.reverse(), /Unary z reads y before it is computed/],
    ['an output nobody computes', (p) => p.outputs.push('q'), /output q is never computed/],
    ['a value computed twice', (p) => p.nodes.push({ ...p.nodes[1] }), /z is computed twice/],
    ['an undeclared value', (p) => p.values.delete('z'), /z, which is no value/],
    [
      'a parameter that is computed',
      (p) => p.values.set('z', value('z', [2, 4], 'parameter')),
      /which is a parameter/,
    ],
    [
      'sizes that do not multiply',
      (p) => p.values.set('w', value('w', [5, 4], 'parameter')),
      /internal: MatMul of/,
    ],
    [
      'a result of the wrong shape',
      (p) => p.values.set('z', value('z', [4, 2])),
      /z has shape \[4, 2\] and should have \[2, 4\]/,
    ],
    [
      'a constant without data',
      (p) => p.values.set('c', value('c', [1], 'constant')),
      /constant without data/,
    ],
    ['a dimension of nothing', (p) => p.values.set('c', value('c', [0], 'host')), /has shape \[0\]/],
    [
      'floats as ids',
      (p) => {
        p.values.set('ids', value('ids', [2], 'host'));
        p.values.set('rows', value('rows', [2, 4]));
        p.nodes.push({
          op: 'Gather',
          inputs: ['w', 'ids'],
          outputs: ['rows'],
          attributes: {},
          sources: [],
          phase: 'forward',
        });
      },
      /needs input 1 \(ids\) as i32/,
    ],
  ])('refuses %s', (_title, spoil, message) => {
    const program = legal();
    spoil(program);
    expect(() => verifyProgram(program)).toThrow(message);
  });

  it('asks the host part for every host value', () => {
    const program = legal();
    program.values.set('x', value('x', [2, 3], 'host'));
    const host = { opset: 17, inputs: [], constants: new Map(), steps: [], outputs: [] };
    expect(() => verifyProgram(program, host)).toThrow(/host value x is not in the host part/);
  });
});
