import { describe, expect, it } from 'vitest';
import type { LinearSite } from '../graph/roles.ts';
import type { DeltaModel } from './delta.ts';
import { matchesRole, matchTargets } from './targets.ts';

function site(role: string, module: string): LinearSite {
  return {
    role,
    module,
    weight: `${module}.weight`,
    matmul: `/${module}`,
    input: 'x',
    output: 'y',
    inFeatures: 4,
    outFeatures: 4,
    stored: 'inOut',
  };
}

const SITES = [0, 1].flatMap((i) => [
  site(`encoder.${i}.self.q`, `bert.encoder.layer.${i}.attention.self.query`),
  site(`encoder.${i}.self.o`, `bert.encoder.layer.${i}.attention.output.dense`),
  site(`encoder.${i}.ffn.in`, `bert.encoder.layer.${i}.intermediate.dense`),
  site(`encoder.${i}.ffn.out`, `bert.encoder.layer.${i}.output.dense`),
]);
SITES.push(site('pooler', 'bert.pooler.dense'), site('head.classifier', 'classifier'));

const model = {
  head: ['classifier.weight', 'classifier.bias'],
  roles: { linears: SITES },
} as unknown as DeltaModel;

const roles = (targets: string[]): string[] => matchTargets(model, targets).map((s) => s.role);

describe('matchesRole', () => {
  it.each([
    ['q', 'encoder.3.self.q', true],
    ['self.q', 'encoder.3.self.q', true],
    ['encoder.3.self.q', 'encoder.3.self.q', true],
    ['encoder.3.self.q', 'encoder.13.self.q', false],
    ['encoder.q', 'encoder.3.self.q', true],
    ['decoder.cross.v', 'decoder.0.cross.v', true],
    ['decoder.cross.v', 'decoder.0.self.v', false],
    ['cross.q', 'encoder.3.self.q', false],
    ['ffn.in', 'encoder.0.ffn.in', true],
    ['1.ffn.in', 'encoder.0.ffn.in', false],
    ['in', 'encoder.0.ffn.in', false],
    ['pooler', 'pooler', true],
    ['embeddings.project', 'embeddings.project', true],
  ])('%s against %s', (target, role, expected) => {
    expect(matchesRole(target, role)).toBe(expected);
  });
});

describe('matchTargets', () => {
  it('takes roles, dotted suffixes and expressions, in graph order', () => {
    expect(roles(['q'])).toEqual(['encoder.0.self.q', 'encoder.1.self.q']);
    expect(roles(['output.dense'])).toEqual([
      'encoder.0.self.o',
      'encoder.0.ffn.out',
      'encoder.1.self.o',
      'encoder.1.ffn.out',
    ]);
    expect(roles(['/layer\\.1\\..*dense/', 'q'])).toEqual([
      'encoder.0.self.q',
      'encoder.1.self.q',
      'encoder.1.self.o',
      'encoder.1.ffn.in',
      'encoder.1.ffn.out',
    ]);
  });

  it('leaves the head out', () => {
    expect(() => roles(['classifier'])).toThrow(/"classifier" matches no linear layer/);
  });

  it('names the target that matches nothing and what there is', () => {
    expect(() => roles(['q', 'w1'])).toThrow(
      /method\.targets\[1\]: "w1" matches no linear layer .* q, o, ffn\.in/,
    );
    expect(() => roles(['/(/'])).toThrow(/not a valid regular expression/);
    expect(() => roles([])).toThrow(/got no target/);
  });
});
