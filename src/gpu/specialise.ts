/**
 * Turns a shader file into the module of one pipeline, by three rewrites of its text:
 *
 *  constants  `override NAME: T = default;` (or `const`, where WGSL wants a constant expression, as for
 *             the size of a private array) becomes `const NAME: T = value;`
 *  sizes      of some constants the value comes from a uniform behind the bindings: `NAME` becomes `sizes.NAME`
 *  access     files declare every binding `var<storage, read_write>`; one whose memory is read-only in
 *             the plan becomes `var<storage, read>`, because a buffer may not be bound both ways at once
 *  storage    a binding whose numbers are halves in memory becomes an array of `f16`, or of words of two halves;
 *             what the file reads of it is widened, and what it writes rounded (storage.ts)
 *  aliases    WebGPU forbids binding overlapping ranges of a buffer twice when one is writable, so operands
 *             with the same memory (q = k, x·x, or an absent operand that repeats another one) share the
 *             first one's binding: the later declaration goes, and its name is replaced by the first's
 */

import type { Storage } from '../plan/precision.ts';
import { NARROWING, storeAs } from './storage.ts';

export interface Specialisation {
  constants: Readonly<Record<string, number>>;
  /** Names of constants that are read from a uniform, in its order. */
  sizes?: readonly string[];
  /** Access of each binding, by number. */
  access: readonly ('read' | 'read_write')[];
  /** For each binding the number of the binding it shares memory with: its own number when none. */
  aliases: readonly number[];
  /** How the numbers of each binding lie in memory, where any are halves. */
  storage?: readonly (Storage | undefined)[];
}

const BINDING = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage,\s*read_write>\s*(\w+)\s*:\s*([^;]+);/g;

function literal(type: string, value: number): string {
  switch (type) {
    case 'bool':
      return value !== 0 ? 'true' : 'false';
    case 'u32':
      return `${value}u`;
    case 'i32':
      return `i32(${value})`;
    default: {
      const text = String(Math.fround(value));
      return /[.e]/.test(text) ? text : `${text}.0`;
    }
  }
}

function setConstant(text: string, shader: string, name: string, value: number): string {
  if (!Number.isFinite(value)) throw new Error(`internal: shader ${shader} got ${name} = ${value}`);
  const declaration = new RegExp(`\\b(?:override|const)\\s+${name}\\s*:\\s*(\\w+)\\s*=[^;]*;`);
  const match = declaration.exec(text);
  if (!match) throw new Error(`internal: shader ${shader} has no constant ${name}`);
  return text.replace(declaration, `const ${name}: ${match[1]} = ${literal(match[1], value)};`);
}

/** The text with constants read from a uniform at `binding`. */
function readSizes(source: string, shader: string, names: readonly string[], binding: number): string {
  let text = source;
  const fields: string[] = [];
  for (const name of names) {
    const declaration = new RegExp(`\\b(?:override|const)\\s+${name}\\s*:\\s*(\\w+)\\s*=[^;]*;`);
    const match = declaration.exec(text);
    if (!match) throw new Error(`internal: shader ${shader} has no constant ${name}`);
    text = text.replace(declaration, '');
    if (new RegExp(`\\b(?:let|var|const|override)\\s+${name}\\b|(?<![.\\w])${name}\\s*:`).test(text))
      throw new Error(`internal: shader ${shader} calls something else ${name} too, which is a size`);
    text = text.replace(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), `sizes.${name}`);
    fields.push(`${name}: ${match[1]}`);
  }
  return `${text}
struct Sizes { ${fields.join(', ')} }
@group(0) @binding(${binding}) var<uniform> sizes: Sizes;\n`;
}

interface View {
  name: string;
  type: string;
}

const SCALARS = 'array<f32>';
const FOURS = 'array<vec4<f32>>';

/**
 * Where one operand is read in fours and the other one by one, the later is read through a function that
 * regroups the first's elements. Slow, and rare. Only reads can be so rewritten.
 */
function readThrough(shader: string, source: string, from: View, to: View): string {
  const regroup: Record<string, string> = {
    [`${SCALARS}|${FOURS}`]: `fn ${from.name}_at(i: u32) -> f32 { return ${to.name}[i / 4u][i % 4u]; }`,
    [`${FOURS}|${SCALARS}`]: `fn ${from.name}_at(i: u32) -> vec4<f32> { return vec4<f32>(${[0, 1, 2, 3].map((c) => `${to.name}[4u * i + ${c}u]`).join(', ')}); }`,
  };
  const helper = regroup[`${from.type}|${to.type}`];
  const length =
    from.type === SCALARS ? `(4u * arrayLength(&${to.name}))` : `(arrayLength(&${to.name}) / 4u)`;
  source = source.replaceAll(`arrayLength(&${from.name})`, length);
  const use = new RegExp(`(?<![.\\w])${from.name}\\b`, 'g');
  let text = '';
  let at = 0;
  for (const match of source.matchAll(use)) {
    const open = match.index + from.name.length;
    let end = open;
    let depth = 0;
    do {
      if (source[end] === '[') depth++;
      else if (source[end] === ']') depth--;
      end++;
    } while (depth > 0 && end < source.length);
    const isRead = source[open] === '[' && !/^\s*[-+*/]?=(?!=)/.test(source.slice(end));
    if (!helper || !isRead)
      throw new Error(
        `internal: shader ${shader} cannot share memory between ${from.name}: ${from.type} and ${to.name}: ${to.type}`,
      );
    text += `${source.slice(at, match.index)}${from.name}_at(${source.slice(open + 1, end - 1)})`;
    at = end;
  }
  // The helper goes last: names may be used before they are declared.
  return `${text}${source.slice(at)}\n${helper}\n`;
}

/** The specialised text of `shader`. Throws `internal:` when the call does not fit the file. */
export function specialise(shader: string, source: string, how: Specialisation): string {
  // Comments go first: they name bindings too.
  let text = source.replace(/\/\/.*$/gm, '');
  for (const [name, value] of Object.entries(how.constants)) text = setConstant(text, shader, name, value);
  if (how.sizes && how.sizes.length > 0) text = readSizes(text, shader, how.sizes, how.access.length);

  // A file may declare a binding several times, once for each type its entry points see it as.
  const declared = new Map<number, { name: string; type: string }[]>();
  for (const [, index, name, type] of text.matchAll(BINDING)) {
    const views = declared.get(Number(index)) ?? [];
    declared.set(Number(index), [...views, { name, type: type.trim() }]);
  }
  if (declared.size !== how.access.length)
    throw new Error(
      `internal: shader ${shader} declares ${declared.size} bindings, the call has ${how.access.length}`,
    );

  text = text.replace(BINDING, (whole, number: string) => {
    const index = Number(number);
    if (how.aliases[index] !== index) return '';
    return how.access[index] === 'read' ? whole.replace(/read_write/, 'read') : whole;
  });
  how.aliases.forEach((target, index) => {
    const views = declared.get(index);
    const others = declared.get(target);
    if (!views || !others)
      throw new Error(`internal: shader ${shader} has no binding ${views ? target : index}`);
    if (target === index) return;
    for (const from of views) {
      const to = others.find(({ type }) => type === from.type);
      text = to
        ? text.replace(new RegExp(`(?<![.\\w])${from.name}\\b`, 'g'), to.name)
        : readThrough(shader, text, from, others[0]);
    }
  });
  for (const [index, storage] of (how.storage ?? []).entries()) {
    if (!storage || how.aliases[index] !== index) continue;
    for (const view of declared.get(index)!) text = storeAs(storage, text, shader, view);
  }
  return how.storage?.includes('f16') ? `enable f16;\n${text}${NARROWING}` : text;
}

/**
 * Which bindings of a call share memory: for each the number of the first binding with the same buffer and
 * offset. Ranges that overlap otherwise are a defect of the planner.
 */
export function findAliases(bindings: readonly { buffer: string; offset: number; size: number }[]): number[] {
  return bindings.map((binding) =>
    bindings.findIndex((other) => other.buffer === binding.buffer && other.offset === binding.offset),
  );
}
