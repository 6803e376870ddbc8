import { describe, expect, it } from 'vitest';
import { findAliases, specialise } from './specialise.ts';
import { loadShader } from './shaders.ts';

const SOURCE = `override N: u32 = 4u;
const SCALE: f32 = 1.0; // set by the planner
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@compute @workgroup_size(1) fn main() { ids[0] = i32(x[N] * y[0] * p.y); }`;

describe('specialise', () => {
  it('sets constants and access', () => {
    const text = specialise('t', SOURCE, {
      constants: { N: 7, SCALE: 2 },
      access: ['read', 'read_write', 'read_write'],
      aliases: [0, 1, 2],
    });
    expect(text).toContain('const N: u32 = 7u;');
    expect(text).toContain('const SCALE: f32 = 2.0;');
    expect(text).toContain('var<storage, read> x:');
    expect(text).toContain('var<storage, read_write> y:');
  });

  it('lets operands with the same memory share a binding', () => {
    const text = specialise('t', SOURCE, {
      constants: {},
      access: ['read', 'read', 'read_write'],
      aliases: [0, 0, 2],
    });
    expect(text).not.toContain('@binding(1)');
    expect(text).toContain('x[N] * x[0] * p.y');
  });

  it('lets several views of a binding share memory, each with the view of its type', () => {
    const source = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(0) var<storage, read_write> x4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read_write> y4: array<vec4<f32>>;
x[0] * y[0]; x4[0] * y4[0];`;
    const text = specialise('t', source, { constants: {}, access: ['read', 'read'], aliases: [0, 0] });
    expect(text).toContain('x[0] * x[0]; x4[0] * x4[0];');
    expect(text).not.toContain('@binding(1)');
  });

  it('regroups what one operand reads in fours and the other one by one', () => {
    const source = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> w: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
y[0] = x[0] * w[order[1] + 2u].x;`;
    const how = { constants: {}, access: ['read', 'read', 'read_write'] as const };
    const text = specialise('t', source, { ...how, aliases: [0, 0, 2] });
    expect(text).toContain('y[0] = x[0] * w_at(order[1] + 2u).x;');
    expect(text).toContain('fn w_at(i: u32) -> vec4<f32> { return vec4<f32>(x[4u * i + 0u]');
    expect(() => specialise('t', source, { ...how, aliases: [0, 1, 1] })).toThrow('cannot share memory');
  });

  it('refuses what does not fit the file', () => {
    const how = { constants: {}, access: ['read', 'read', 'read'] as const, aliases: [0, 1, 2] };
    expect(() => specialise('t', SOURCE, { ...how, constants: { M: 1 } })).toThrow(
      'internal: shader t has no constant M',
    );
    expect(() => specialise('t', SOURCE, { ...how, access: ['read'] })).toThrow(
      'declares 3 bindings, the call has 1',
    );
    expect(() => specialise('t', SOURCE, { ...how, aliases: [0, 1, 0] })).toThrow('cannot share memory');
  });

  it('finds operands with the same memory', () => {
    const at = (buffer: string, offset: number) => ({ buffer, offset, size: 4 });
    expect(findAliases([at('a', 0), at('b', 0), at('a', 256), at('a', 0)])).toEqual([0, 1, 2, 0]);
  });
});

describe('includes', () => {
  it('expands each file once', () => {
    const files: Record<string, string> = {
      a: '//#include "b"\n//#include "c"\nmain',
      b: '//#include "c"\nb',
      c: 'c',
    };
    expect(loadShader((path) => files[path], 'a')).toBe('c\nb\n\nmain');
  });

  it('stand each time, with the values that they give', () => {
    const files: Record<string, string> = {
      a: '  //#include "b" x="p" y="2u * q"\n//#include "b" x="r" y=""\nmain',
      b: 'let ${x}0 = ${y}${x};',
      c: '//#include "b" x="p"',
      d: '//#include "b" x="p" y="q" z="r"',
    };
    const load = (path: string): string => loadShader((name) => files[name], path);
    expect(load('a')).toBe('let p0 = 2u * qp;\nlet r0 = r;\nmain');
    expect(() => load('c')).toThrow('internal: an include of shader b gives no y');
    expect(() => load('d')).toThrow('internal: shader b takes no z');
  });
});
