/**
 * The reference library for tokenizers: the Rust crate `tokenizers` as WebAssembly (tools/tokenizers-wasm), with
 * the same patterns engine (Oniguruma) as the Python package. Ids are the reference's because the code is.
 *
 * One instance of the module holds one tokenizer. A text that ends an instance with a trap (a pattern that goes
 * back too often) is refused, and the next text gets a fresh instance.
 */
import { gunzipSync } from 'fflate';
import { StudioError } from '../../../errors.ts';
import { say } from '../../../sentence.ts';
import { printable, quoted } from '../../table/error.ts';
import { systemCalls } from './system-calls.ts';
import { WASM_GZIP } from './wasm.ts';

/** Steps back that one search of a pattern may take: about half a second; Python's own bound is 10,000,000. */
const MAX_RETRIES = 10_000_000;
/** No bound on the tokens of a text. */
const UNBOUNDED = 0x7fffffff;
/** Bytes that the library holds at most while it reads a file of short words, for each of its characters. */
const READING = 28;
/** Letters of the library's own words that a sentence shows. */
const SHOWN_REASON = 160;

interface Exports {
  memory: WebAssembly.Memory;
  _initialize: () => void;
  input: (length: number) => number;
  reserve: (bytes: number) => void;
  ids: () => number;
  type_ids: () => number;
  text: () => number;
  text_length: () => number;
  load: (length: number, retries: number) => number;
  encode: (first: number, second: number, maxLength: number, named: number) => number;
  cut: () => number;
  pieces: (length: number) => number;
  tokens: () => number;
  added_tokens: (pair: number) => number;
  around: (pair: number) => number;
  decode: (count: number, skipSpecial: number) => number;
  token_to_id: (length: number) => number;
  id_to_token: (id: number) => number;
}

export interface LibraryEncoding {
  ids: number[];
  typeIds: number[];
  truncated: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function packed(): Uint8Array<ArrayBuffer> {
  const letters = atob(WASM_GZIP);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** The library, once the engine has unpacked it: that takes a twentieth of the time that JavaScript takes. */
let unpacked: ArrayBuffer | undefined;
void new Response(new Blob([packed()]).stream().pipeThrough(new DecompressionStream('gzip')))
  .arrayBuffer()
  .then((bytes) => (unpacked = bytes));

let compiled: WebAssembly.Module | undefined;

function wasmModule(): WebAssembly.Module {
  // Who wants it before, in the turn in which this file was loaded, unpacks it at once.
  compiled ??= new WebAssembly.Module(unpacked ?? gunzipSync(packed()));
  unpacked = undefined;
  return compiled;
}

export class LibraryTokenizer {
  private readonly json: string;
  private instance: Exports | null = null;

  /**
   * @param json text of tokenizer.json; its truncation and padding are left out
   * @throws StudioError('tokenizer') that names the part that cannot be read
   */
  constructor(json: string) {
    this.json = json;
    this.exports();
  }

  /** Ids and segments of one text or two, special tokens included, cut longest first. */
  encode(text: string, pair: string | null, maxLength: number): LibraryEncoding {
    return this.on(pair === null ? text : `${text} ${pair}`, (wasm) => {
      const [first, second] = this.write(wasm, pair === null ? [text] : [text, pair]);
      const count = wasm.encode(first, second ?? -1, Math.min(maxLength, UNBOUNDED), 0);
      const ids = this.numbers(wasm, count, text);
      return {
        ids,
        typeIds: [...new Uint32Array(wasm.memory.buffer, wasm.type_ids(), count)],
        truncated: wasm.cut() === 1,
      };
    });
  }

  /** Ids of a text without special tokens. */
  pieces(text: string): number[] {
    return this.on(text, (wasm) => {
      const [length] = this.write(wasm, [text]);
      return this.numbers(wasm, wasm.pieces(length), text);
    });
  }

  /** Ids and tokens of a text, special ones included; an unknown piece may keep its text. */
  tokens(text: string): { ids: number[]; tokens: string[] } {
    return this.on(text, (wasm) => {
      const [length] = this.write(wasm, [text]);
      const ids = this.numbers(wasm, wasm.encode(length, -1, UNBOUNDED, 1), text);
      wasm.tokens();
      return { ids, tokens: JSON.parse(this.text(wasm)) as string[] };
    });
  }

  /** How many tokens stand around one text or two. */
  addedTokens(pair: boolean): number {
    return this.exports().added_tokens(Number(pair));
  }

  /** The tokens that stand around one text or two. */
  around(pair: boolean): number[] {
    return this.on('', (wasm) => this.numbers(wasm, wasm.around(Number(pair)), ''));
  }

  /** Text of ids, special tokens left out. */
  decode(ids: readonly number[]): string {
    return this.on(ids.slice(0, 8).join(' '), (wasm) => {
      const place = wasm.input(ids.length * 4);
      const view = new DataView(wasm.memory.buffer, place);
      ids.forEach((id, i) => view.setUint32(i * 4, id, true));
      if (wasm.decode(ids.length, 1) < 0) throw this.refusal(this.text(wasm), ids.slice(0, 8).join(' '));
      return this.text(wasm);
    });
  }

  idOf(token: string): number | null {
    const wasm = this.exports();
    const [length] = this.write(wasm, [token]);
    const id = wasm.token_to_id(length);
    return id < 0 ? null : id;
  }

  tokenOf(id: number): string | null {
    const wasm = this.exports();
    return wasm.id_to_token(id) === 1 ? this.text(wasm) : null;
  }

  /** Writes texts one after the other. @returns their lengths in bytes */
  private write(wasm: Exports, texts: readonly string[]): number[] {
    const bytes = texts.map((text) => encoder.encode(text));
    let place = wasm.input(bytes.reduce((sum, { length }) => sum + length, 0));
    for (const part of bytes) {
      new Uint8Array(wasm.memory.buffer, place, part.length).set(part);
      place += part.length;
    }
    return bytes.map(({ length }) => length);
  }

  private numbers(wasm: Exports, count: number, text: string): number[] {
    if (count < 0) throw this.refusal(this.text(wasm), text);
    return [...new Uint32Array(wasm.memory.buffer, wasm.ids(), count)];
  }

  private text(wasm: Exports): string {
    return decoder.decode(new Uint8Array(wasm.memory.buffer, wasm.text(), wasm.text_length()));
  }

  /** Calls into the instance; one that traps is given up. */
  private on<T>(text: string, call: (wasm: Exports) => T): T {
    const wasm = this.exports();
    try {
      return call(wasm);
    } catch (error) {
      if (error instanceof StudioError) throw error;
      this.instance = null;
      throw this.refusal(this.text(wasm), text, error);
    }
  }

  private exports(): Exports {
    return (this.instance ??= this.start());
  }

  private start(): Exports {
    const held: { memory?: WebAssembly.Memory } = {};
    const instance = new WebAssembly.Instance(wasmModule(), {
      wasi_snapshot_preview1: systemCalls(() => held.memory!),
    });
    const wasm = instance.exports as unknown as Exports;
    held.memory = wasm.memory;
    wasm._initialize();
    let status = -1;
    let cause: unknown;
    wasm.reserve(this.json.length * READING);
    const [length] = this.write(wasm, [this.json]);
    try {
      status = wasm.load(length, MAX_RETRIES);
    } catch (error) {
      cause = error;
    }
    if (status === 0) return wasm;
    const why = shortened(this.text(wasm));
    throw new StudioError(
      'tokenizer',
      say`tokenizer.json cannot be read (${why}); use one that the tokenizers library wrote.`,
      { where: 'tokenizer.json', cause },
    );
  }

  private refusal(reason: string, text: string, cause?: unknown): StudioError {
    const where = { where: 'tokenizer.json', cause };
    if (reason.includes('retry-limit'))
      return new StudioError(
        'tokenizer',
        say`A pattern of tokenizer.json takes too long on the text ${quoted(text)}; leave the text out, or use a tokenizer whose patterns have no repetition within a repetition.`,
        where,
      );
    // Of a TemplateProcessing that comes after another part: it takes one text, or two, and not what is joined already.
    if (reason.includes('not yet implemented'))
      return new StudioError(
        'tokenizer',
        say`The post_processor of tokenizer.json cannot put two texts together, as it joins them more than once; leave one TemplateProcessing in it, or use texts without a second one.`,
        { ...where, where: 'tokenizer.json: post_processor' },
      );
    return new StudioError(
      'tokenizer',
      say`The tokenizer cannot read the text ${quoted(text)} (${shortened(reason)}); leave the text out, or use the tokenizer.json that belongs to the model.`,
      where,
    );
  }
}

/** The library's own words on one line, without their full stop. */
function shortened(reason: string): string {
  const flat = printable(reason.replace(/\s+/g, ' ').trim().replace(/\.$/, ''));
  return flat.length > SHOWN_REASON ? `${flat.slice(0, SHOWN_REASON - 1)}…` : flat;
}
