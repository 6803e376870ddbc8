import { describe, expect, it } from 'vitest';
import { specialise } from './specialise.ts';

const SOURCE = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> order: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> bits: array<u32>;
fn main() {
  let n = arrayLength(&x);
  let v = x[u32(order[x4[0].x]) + 1u] * x4[i].y;
  y[x[0]] = y[1] == x[2];
  y[i] += a.y * x[i];
  bits[i] = bits[j];
}`;

const how = {
  constants: {},
  access: ['read', 'read', 'read_write', 'read_write'],
  aliases: [0, 1, 2, 3],
} as const;

describe('halves in memory', () => {
  it('are widened where they are read and rounded where they are written', () => {
    const text = specialise('t', SOURCE, { ...how, storage: ['f16', undefined, 'f16', 'f16'] });
    expect(text).toMatch(/^enable f16;/);
    expect(text).toContain('var<storage, read> x: array<f16>;');
    expect(text).toContain('var<storage, read> x4: array<vec4<f16>>;');
    expect(text).toContain('var<storage, read_write> y: array<f16>;');
    expect(text).toContain('let n = arrayLength(&x);');
    expect(text).toContain('let v = f32(x[u32(order[vec4<f32>(x4[0]).x]) + 1u]) * vec4<f32>(x4[i]).y;');
    expect(text).toContain('y[f32(x[0])] = narrowed(f32(y[1]) == f32(x[2]));');
    expect(text).toContain('y[i] = narrowed(f32(y[i]) + (a.y * f32(x[i])));');
    expect(text).toContain('bits[i] = narrowed(bitcast<f32>(bitcast<u32>(f32(bits[j]))));');
    expect(text).toContain('fn narrowed(v: f32) -> f16 {');
  });

  it('are written one component of four at a time', () => {
    const storage = ['f16', undefined, undefined, undefined] as const;
    const text = specialise('t', SOURCE.replace('y[i] +=', 'x4[i][c] +='), { ...how, storage });
    expect(text).toContain('x4[i][c] = narrowed(f32(x4[i][c]) + (a.y * f32(x[i])));');
  });

  it('are read two a word where the adapter has no halves', () => {
    const text = specialise('t', SOURCE, { ...how, storage: ['packed', undefined, undefined, undefined] });
    expect(text).not.toContain('enable');
    expect(text).toContain('x: array<u32>;');
    expect(text).toContain('x4: array<vec2<u32>>;');
    expect(text).toContain('let n = (2u * arrayLength(&x));');
    expect(text).toContain('let v = x_wide(u32(order[x4_wide(0).x]) + 1u) * x4_wide(i).y;');
    expect(text).toContain('fn x_wide(i: u32) -> f32 {');
    expect(text).toContain('fn x4_wide(i: u32) -> vec4<f32> {');
  });

  it('are refused where they cannot be', () => {
    const words = (storage: 'f16' | 'packed', at: number): (() => string) => {
      const list = [0, 1, 2, 3].map((i) => (i === at ? storage : undefined));
      return () => specialise('t', SOURCE, { ...how, storage: list });
    };
    expect(words('f16', 1)).toThrow('cannot read halves as order: array<i32>');
    expect(words('packed', 2)).toThrow('cannot write halves as y');
  });

  it('follow the memory that operands share', () => {
    const text = specialise('t', SOURCE.replace('y[i] += a.y * x[i];', ''), {
      ...how,
      aliases: [0, 1, 0, 3],
      access: ['read_write', 'read', 'read_write', 'read_write'],
      storage: ['f16', undefined, 'f16', undefined],
    });
    expect(text).toContain('x[f32(x[0])] = narrowed(f32(x[1])');
    expect(text).not.toContain('y: array');
  });
});
