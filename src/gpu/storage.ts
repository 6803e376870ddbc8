/**
 * Rewrites what a shader's text reads and writes of a binding whose numbers are halves in memory. What is too large for
 * a half becomes the largest one; what is infinite or no number becomes no number, so that a run that diverges is
 * noticed as it is in single precision.
 */
import type { Storage } from '../plan/precision.ts';
import { LARGEST_HALF } from '../graph/tensor.ts';

/**
 * What the rewritten text calls to round. Infinities and NaN are told by their exponent's bits and made by a half's,
 * because WGSL may assume that there are none.
 */
export const NARROWING = `
fn broken_half(bits: u32) -> u32 {
  return select(0u, 0x7e00u, (bits & 0x7f800000u) == 0x7f800000u);
}
fn narrowed(v: f32) -> f16 {
  let half = bitcast<u32>(vec2<f16>(f16(clamp(v, -${LARGEST_HALF}.0, ${LARGEST_HALF}.0)), 0.0h));
  return bitcast<vec2<f16>>(half | broken_half(bitcast<u32>(v))).x;
}
fn narrowed4(v: vec4<f32>) -> vec4<f16> {
  let halves = bitcast<vec2<u32>>(vec4<f16>(clamp(v, vec4<f32>(-${LARGEST_HALF}.0), vec4<f32>(${LARGEST_HALF}.0))));
  let bits = bitcast<vec4<u32>>(v);
  let low = vec2<u32>(broken_half(bits.x), broken_half(bits.z));
  let high = vec2<u32>(broken_half(bits.y), broken_half(bits.w));
  return bitcast<vec4<f16>>(halves | low | (high << vec2<u32>(16u)));
}
`;

interface View {
  name: string;
  type: string;
}

/** How halves are declared, and what a view's elements are in the text: floats, or their bits where a file only moves them. */
const FORMS: Readonly<Record<string, { wide: string; narrow: string; words: string; bits?: string }>> = {
  'array<f32>': { wide: 'f32', narrow: 'f16', words: 'u32' },
  'array<u32>': { wide: 'f32', narrow: 'f16', words: 'u32', bits: 'u32' },
  'array<vec4<f32>>': { wide: 'vec4<f32>', narrow: 'vec4<f16>', words: 'vec2<u32>' },
  'array<vec4<u32>>': { wide: 'vec4<f32>', narrow: 'vec4<f16>', words: 'vec2<u32>', bits: 'vec4<u32>' },
};

/** The end of what a bracket at `open` opens, behind its closing one. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '[' || text[at] === '(') depth++;
    else if ((text[at] === ']' || text[at] === ')') && --depth === 0) return at + 1;
  }
  throw new Error('internal: a bracket is not closed');
}

/** The module with one view of a binding stored so. Throws `internal:` where the text uses it otherwise. */
export function storeAs(storage: Storage, source: string, shader: string, view: View): string {
  const { name } = view;
  const declaration = new RegExp(`(var<storage,\\s*\\w+>\\s*${name}\\s*:\\s*)[^;]+;`);
  // An alias of another binding: that one's memory is meant.
  if (!declaration.test(source)) return source;
  const form = FORMS[view.type];
  if (!form) throw new Error(`internal: shader ${shader} cannot read halves as ${name}: ${view.type}`);
  const { wide, narrow, words, bits } = form;
  const packed = storage === 'packed';
  const text = rewrite(source.replace(declaration, `$1array<${packed ? words : narrow}>;`));
  if (!packed) return text;
  const result = bits ?? wide;
  const as = (value: string): string => (bits ? `bitcast<${bits}>(${value})` : value);
  if (words === 'u32')
    return `${text.replaceAll(`arrayLength(&${name})`, `(2u * arrayLength(&${name}))`)}
fn ${name}_wide(i: u32) -> ${result} { return ${as(`unpack2x16float(${name}[i / 2u])[i % 2u]`)}; }\n`;
  return `${text}
fn ${name}_wide(i: u32) -> ${result} {
  let v = ${name}[i];
  return ${as('vec4<f32>(unpack2x16float(v.x), unpack2x16float(v.y))')};
}\n`;

  function rewrite(part: string): string {
    const use = new RegExp(`(?<![.\\w])${name}\\[`, 'g');
    let result = '';
    let at = 0;
    for (let match = use.exec(part); match; match = use.exec(part)) {
      const open = match.index + name.length;
      const end = closing(part, open);
      const index = rewrite(part.slice(open + 1, end - 1));
      const element = `${name}[${index}]`;
      const widened = bits ? `bitcast<${bits}>(${wide}(${element}))` : `${wide}(${element})`;
      const read = packed ? `${name}_wide(${index})` : widened;
      const assigned = /^\s*(\.\w+|\[[^\]]*\])?\s*([-+*/]?)=(?!=)/.exec(part.slice(end));
      result += part.slice(at, match.index);
      if (!assigned) {
        result += read;
        at = end;
      } else {
        const [whole, component = '', operator] = assigned;
        if (packed || (component !== '' && bits))
          throw new Error(`internal: shader ${shader} cannot write halves as ${name}: ${view.type}`);
        const to = part.indexOf(';', end + whole.length);
        const value = rewrite(part.slice(end + whole.length, to)).trim();
        const before = component === '' ? read : `f32(${element}${component})`;
        const sum = operator ? `${before} ${operator} (${value})` : value;
        const float = bits ? `bitcast<${wide}>(${sum})` : sum;
        const narrowed = component === '' && narrow !== 'f16' ? 'narrowed4' : 'narrowed';
        result += `${element}${component} = ${narrowed}(${float})`;
        at = to;
      }
      use.lastIndex = at;
    }
    return result + part.slice(at);
  }
}
