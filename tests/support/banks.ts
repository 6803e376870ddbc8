/**
 * How a shader's invocations meet in the banks of a workgroup's memory, read off its text: the index of each load and store
 * is worked out for every invocation of a subgroup. Of 32 banks of four bytes, as GPUs have; eight invocations' fours are
 * taken at once, and of those that are distinct and in the same banks one after the other.
 */

export interface BankUse {
  /** As it stands in the text. */
  access: string;
  kind: 'load' | 'store';
  /** Times that memory is asked for what it could give at once: 1 without conflicts. */
  times: number;
}

type Names = Readonly<Record<string, number>>;

/** What an index comes to with given names. */
type Index = (names: Names) => number;

/** Reads an index where it stands: its names are loops' or invocations', else what the nearest declaration before says. */
class Reader {
  private readonly text: string;
  private readonly free: ReadonlySet<string>;
  private readonly known = new Map<string, Index>();

  constructor(text: string, free: ReadonlySet<string>) {
    this.text = text;
    this.free = free;
  }

  read(expression: string, before: number): Index {
    // `4u` is one number: what follows the digits is its type.
    const tokens = expression.match(/\d+u?|[A-Za-z_][\w.]*|==|\S/g) ?? [];
    return new Parser(tokens, (name) => this.named(name, before)).whole();
  }

  private named(name: string, before: number): Index {
    if (this.free.has(name)) return (names) => names[name];
    const local = new RegExp(`\\b(?:let|var) ${name}(?:: u32)? = ([^;]+);`, 'g');
    const found =
      [...this.text.slice(0, before).matchAll(local)].at(-1) ??
      new RegExp(`\\b(?:const|override) ${name}(?:: u32)? = ([^;]+);`).exec(this.text);
    if (!found) throw new Error(`the test knows no ${name}`);
    const key = `${name} ${found.index}`;
    let index = this.known.get(key);
    if (!index) {
      index = this.read(found[1], found.index);
      this.known.set(key, index);
    }
    return index;
  }
}

const LEVELS = [['=='], ['|'], ['+', '-'], ['*', '/', '%']];

/** An expression of whole numbers. */
class Parser {
  private readonly tokens: readonly string[];
  private readonly named: (name: string) => Index;
  private at = 0;

  constructor(tokens: readonly string[], named: (name: string) => Index) {
    this.tokens = tokens;
    this.named = named;
  }

  whole(): Index {
    const result = this.level(0);
    if (this.at !== this.tokens.length) throw new Error(`the test cannot read ${this.tokens.join(' ')}`);
    return result;
  }

  private level(depth: number): Index {
    if (depth === LEVELS.length) return this.single();
    let left = this.level(depth + 1);
    while (LEVELS[depth].includes(this.tokens[this.at])) {
      const combine = OPERATORS[this.tokens[this.at++]];
      const [a, b] = [left, this.level(depth + 1)];
      left = (names) => combine(a(names), b(names));
    }
    return left;
  }

  private single(): Index {
    const token = this.tokens[this.at++];
    if (token === '(') return this.closed()[0];
    if (/^\d/.test(token)) {
      const number = Number.parseInt(token);
      return () => number;
    }
    if (this.tokens[this.at] !== '(') return this.named(token);
    this.at++;
    const called = FUNCTIONS[token];
    if (!called) throw new Error(`the test knows no ${token}()`);
    const given = this.closed();
    return (names) => called(...given.map((one) => one(names)));
  }

  /** What stands between brackets, of which the first has been read. */
  private closed(): Index[] {
    const values = [this.level(0)];
    while (this.tokens[this.at] === ',') {
      this.at++;
      if (this.tokens[this.at] !== ')') values.push(this.level(0));
    }
    this.at++;
    return values;
  }
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '==': (a, b) => (a === b ? 1 : 0),
  '|': (a, b) => a | b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
};

const FUNCTIONS: Readonly<Record<string, (...given: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  select: (otherwise, chosen, condition) => (condition ? chosen : otherwise),
};

/** Most fours of eight neighbours that are in the same banks. */
function timesOf(fours: readonly number[]): number {
  let most = 1;
  for (let first = 0; first < fours.length; first += 8) {
    const banks = new Map<number, number>();
    for (const four of new Set(fours.slice(first, first + 8)))
      banks.set(four % 8, (banks.get(four % 8) ?? 0) + 1);
    most = Math.max(most, ...banks.values());
  }
  return most;
}

/**
 * Each load and store of workgroup arrays of fours.
 * @param namesOf what the names are that differ from invocation to invocation
 * @param loops loops' variables, each of several values
 */
export function bankUses(
  text: string,
  arrays: readonly string[],
  namesOf: (lane: number) => Names,
  loops: Readonly<Record<string, readonly number[]>>,
): BankUse[] {
  const reader = new Reader(text, new Set([...Object.keys(namesOf(0)), ...Object.keys(loops)]));
  const lanes = Array.from({ length: 32 }, (_, lane) => namesOf(lane));
  const turns = Object.entries(loops).reduce<Names[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return arrays.flatMap((array) =>
    [...text.matchAll(new RegExp(`\\b${array}\\[`, 'g'))].map(({ index }): BankUse => {
      const start = index + array.length + 1;
      let end = start;
      for (let depth = 1; depth > 0; end++) depth += text[end] === '[' ? 1 : text[end] === ']' ? -1 : 0;
      const access = text.slice(start, end - 1).trim();
      const at = reader.read(access, index);
      const times = turns.map((turn) => timesOf(lanes.map((names) => at({ ...turn, ...names }))));
      const kind = /^\s*=(?!=)/.test(text.slice(end)) ? 'store' : 'load';
      return { access: access.replace(/\s+/g, ' '), kind, times: Math.max(...times) };
    }),
  );
}
