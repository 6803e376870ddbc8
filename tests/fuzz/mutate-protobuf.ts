/** Mutations of protobuf that keep its nesting: fields removed, repeated, moved, renumbered, given other values. */
import type { Random } from './random.ts';

type Field = { number: number } & (
  | { wire: 0; value: bigint }
  | { wire: 1 | 5; bytes: Uint8Array }
  | { wire: 2; bytes: Uint8Array; message: Field[] | null }
);

/** Nesting that is looked into. */
const DEPTH = 6;

/** The numbers of two bytes at most, and how those of one are written. */
const BIGS = Array.from({ length: 1 << 14 }, (_, i) => BigInt(i));
const BYTES = Array.from({ length: 1 << 7 }, (_, i) => Uint8Array.of(i));

/** The fields of a message; null where the bytes are none. */
function parse(bytes: Uint8Array, depth: number): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    // Most are of a byte or two.
    if (at + 1 < bytes.length) {
      const [first, second] = [bytes[at], bytes[at + 1]];
      if (first < 0x80) return BIGS[bytes[at++]];
      if (second < 0x80) {
        at += 2;
        return BIGS[(first & 0x7f) | (second << 7)];
      }
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) return null;
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n || tag > 0xffffn) return null;
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    if (wire === 0) {
      const value = varint();
      if (value === null) return null;
      fields.push({ number, wire, value });
    } else if (wire === 1 || wire === 5 || wire === 2) {
      const length = wire === 1 ? 8n : wire === 5 ? 4n : varint();
      if (length === null || length > BigInt(bytes.length - at)) return null;
      const part = bytes.subarray(at, at + Number(length));
      at += Number(length);
      if (wire !== 2) fields.push({ number, wire, bytes: part });
      else {
        const message = depth > 0 && part.length > 1 && part.length < 1 << 20 ? parse(part, depth - 1) : null;
        fields.push({ number, wire, bytes: part, message });
      }
    } else return null;
  }
  return fields;
}

function varintOf(value: bigint): Uint8Array {
  if (value < 0x80n) return BYTES[Number(value)];
  const out: number[] = [];
  for (; value > 0x7fn; value >>= 7n) out.push(Number(value & 0x7fn) | 0x80);
  out.push(Number(value));
  return Uint8Array.from(out);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function write(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const varint = (value: bigint): void => void parts.push(varintOf(value));
  for (const field of fields) {
    varint((BigInt(field.number) << 3n) | BigInt(field.wire));
    if (field.wire === 0) varint(field.value);
    else {
      const bytes = field.wire === 2 && field.message !== null ? write(field.message) : field.bytes;
      if (field.wire === 2) varint(BigInt(bytes.length));
      parts.push(bytes);
    }
  }
  return joined(parts);
}

const NUMBERS = [
  0n,
  1n,
  2n,
  7n,
  127n,
  128n,
  1_000_000_000n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];
const TEXTS = ['', 'x', '__proto__', 'Identity', 'MatMul', 'a\u0000\u001b[0m', '../secret', '\ud83d\ude00'];

/** All lists of fields, and each field with the list it is in. */
function listsOf(root: Field[]): Field[][] {
  const lists: Field[][] = [];
  const waiting: Field[][] = [root];
  for (let list = waiting.pop(); list !== undefined; list = waiting.pop()) {
    if (list.length > 0) lists.push(list);
    for (const field of list) if (field.wire === 2 && field.message !== null) waiting.push(field.message);
  }
  return lists;
}

/** The field in a message in a message, and so on: written here, as a recursion over it would have no end. */
function wrapped(field: Field, depth: number): Field {
  const inner = write([field]);
  const tag = varintOf((BigInt(field.number) << 3n) | 2n);
  const parts: Uint8Array[] = [];
  let { length } = inner;
  for (let i = 1; i < depth; i++) {
    const size = varintOf(BigInt(length));
    parts.push(size, tag);
    length += size.length + tag.length;
  }
  return {
    number: field.number,
    wire: 2,
    bytes: joined([...parts.reverse(), inner]),
    message: null,
  };
}

/** Another field of the same content: one that is put within itself has no end. */
function copied(field: Field): Field {
  return field.wire === 2 && field.message !== null
    ? { ...field, message: field.message.map(copied) }
    : field;
}

function change(root: Field[], random: Random): void {
  const lists = listsOf(root);
  if (lists.length === 0) return;
  // Small lists are as likely as the large one of all nodes.
  const list = random.pick(lists);
  const at = random.below(list.length);
  const field = list[at];
  switch (random.below(8)) {
    case 0:
      list.splice(at, 1);
      return;
    case 1:
      list.splice(at, 0, ...new Array<Field>(1 + random.below(random.chance(0.1) ? 500 : 3)).fill(field));
      return;
    case 2: {
      const from = random.pick(lists);
      list[at] = copied(random.pick(from));
      return;
    }
    case 3:
      list[at] = { ...field, number: 1 + random.below(24) };
      return;
    case 4: {
      const other = random.below(list.length);
      [list[at], list[other]] = [list[other], list[at]];
      return;
    }
    case 5:
      // Deeper than any reader's stack, for messages that hold themselves.
      if (random.chance(0.05)) list[at] = wrapped(field, 2000);
      else list.push(copied(random.pick(random.pick(lists))));
      return;
    default:
      if (field.wire === 0) list[at] = { ...field, value: random.pick(NUMBERS) };
      else if (field.wire === 2 && random.chance(0.5))
        list[at] = { ...field, message: null, bytes: new TextEncoder().encode(random.pick(TEXTS)) };
      else {
        const bytes = field.wire === 2 && field.message !== null ? write(field.message) : field.bytes;
        const cut = field.wire === 2 ? bytes.slice(0, random.below(bytes.length + 1)) : bytes.slice();
        if (cut.length > 0) cut[random.below(cut.length)] ^= 1 << random.below(8);
        list[at] = { ...field, bytes: cut, ...(field.wire === 2 && { message: null }) };
      }
  }
}

/** The message with a few fields otherwise; null where the bytes are no protobuf. */
export function mutateProtobuf(bytes: Uint8Array, random: Random): Uint8Array | null {
  const root = parse(bytes, DEPTH);
  if (root === null) return null;
  const count = random.chance(0.6) ? 1 : 1 + random.below(4);
  for (let i = 0; i < count; i++) change(root, random);
  return write(root);
}
