/**
 * The part of Python's pickle format (protocols 2 to 5) in which `torch.save` writes a table of tensors. A pickle is
 * a program that may call anything; this machine knows no calls but those it is given, so a file can make nothing
 * but tables, lists, numbers and what `calls` makes of them. https://docs.python.org/3/library/pickletools.html
 */
import { say } from '../sentence.ts';
import { Unreadable } from './unreadable.ts';

/** What a file may call, by `module.name`. */
export type Calls = Readonly<Record<string, (...values: unknown[]) => unknown>>;

/** Stands for a global of Python that is passed as a value, such as `torch.FloatStorage`. */
export class Global {
  declare protected readonly nominal: true;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const MARK = Symbol('mark');
const text = new TextDecoder('utf-8', { fatal: true });

/**
 * Runs a pickle and returns what it leaves.
 * @param persistent makes what a persistent id stands for: of tensors, their storage
 * @throws Error saying which instruction is not known, or where the file is cut short
 */
export function readPickle(bytes: Uint8Array, calls: Calls, persistent: (id: unknown) => unknown): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - at) throw new Unreadable(say`it is cut short at byte ${bytes.length}`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const u8 = (): number => take(1)[0];
  const u16 = (): number => (take(2), view.getUint16(at - 2, true));
  const u32 = (): number => (take(4), view.getUint32(at - 4, true));
  const i32 = (): number => (take(4), view.getInt32(at - 4, true));
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw new Unreadable(say`it is cut short at byte ${bytes.length}`);
    return text.decode(take(end + 1 - at).subarray(0, -1));
  };
  const pop = (): unknown => {
    if (stack.length === 0) throw new Unreadable(say`it takes a value where there is none`);
    return stack.pop();
  };
  const toMark = (): unknown[] => {
    const from = stack.lastIndexOf(MARK);
    if (from < 0) throw new Unreadable(say`it takes values where there are none`);
    const values = stack.splice(from + 1);
    stack.pop();
    return values;
  };
  const top = <T>(kind: new () => T): T => {
    const value = stack.at(-1);
    if (!(value instanceof kind)) throw new Unreadable(say`it adds to what is no table and no list`);
    return value;
  };
  const long = (length: number): number =>
    take(length).reduceRight(
      (sum, byte, i) => sum * 256 + byte - (i === length - 1 && byte > 127 ? 256 : 0),
      0,
    );
  const call = (function_: unknown, values: unknown): unknown => {
    const known =
      function_ instanceof Global && Object.hasOwn(calls, function_.name) ? calls[function_.name] : null;
    if (known === null || !Array.isArray(values))
      throw new Unreadable(
        function_ instanceof Global ? say`it calls ${function_.name}` : say`it calls what is no function`,
      );
    return known(...(values as unknown[]));
  };
  const pairs = (values: readonly unknown[]): void => {
    const table = top<Map<unknown, unknown>>(Map);
    for (let i = 0; i + 1 < values.length; i += 2) table.set(values[i], values[i + 1]);
  };

  const act: Readonly<Record<number, () => void>> = {
    0x80: () => void u8(), // PROTO
    0x95: () => void take(8), // FRAME
    0x28: () => void stack.push(MARK), // MARK
    0x30: () => void pop(), // POP
    0x4e: () => void stack.push(null), // NONE
    0x88: () => void stack.push(true), // NEWTRUE
    0x89: () => void stack.push(false), // NEWFALSE
    0x4b: () => void stack.push(u8()), // BININT1
    0x4d: () => void stack.push(u16()), // BININT2
    0x4a: () => void stack.push(i32()), // BININT
    0x8a: () => void stack.push(long(u8())), // LONG1
    0x47: () => void stack.push((take(8), view.getFloat64(at - 8))), // BINFLOAT
    0x58: () => void stack.push(text.decode(take(u32()))), // BINUNICODE
    0x8c: () => void stack.push(text.decode(take(u8()))), // SHORT_BINUNICODE
    0x7d: () => void stack.push(new Map()), // EMPTY_DICT
    0x5d: () => void stack.push([]), // EMPTY_LIST
    0x29: () => void stack.push([]), // EMPTY_TUPLE
    0x74: () => void stack.push(toMark()), // TUPLE
    0x85: () => void stack.push([pop()]), // TUPLE1
    0x86: () => void stack.push([pop(), pop()].reverse()), // TUPLE2
    0x87: () => void stack.push([pop(), pop(), pop()].reverse()), // TUPLE3
    0x61: () => void [pop()].map((value) => top<unknown[]>(Array).push(value)), // APPEND
    0x65: () => void toMark().map((value) => top<unknown[]>(Array).push(value)), // APPENDS
    0x73: () => pairs([pop(), pop()].reverse()), // SETITEM
    0x75: () => pairs(toMark()), // SETITEMS
    0x63: () => void stack.push(new Global(`${line()}.${line()}`)), // GLOBAL
    0x93: () => void stack.push(new Global([pop(), pop()].reverse().map(String).join('.'))), // STACK_GLOBAL
    0x51: () => void stack.push(persistent(pop())), // BINPERSID
    0x52: () => {
      const values = pop(); // REDUCE
      stack.push(call(pop(), values));
    },
    0x62: () => void pop(), // BUILD: of a table of tensors it sets `_metadata`, which nobody needs
    0x71: () => void memo.set(u8(), stack.at(-1)), // BINPUT
    0x72: () => void memo.set(u32(), stack.at(-1)), // LONG_BINPUT
    0x94: () => void memo.set(memo.size, stack.at(-1)), // MEMOIZE
    0x68: () => void stack.push(memo.get(u8())), // BINGET
    0x6a: () => void stack.push(memo.get(u32())), // LONG_BINGET
  };

  for (;;) {
    const code = u8();
    if (code === 0x2e) return pop(); // STOP
    if (!(code in act))
      throw new Unreadable(
        say`it has the instruction 0x${code.toString(16)}, which no table of tensors needs`,
      );
    act[code]();
  }
}
