/**
 * An ONNX file without its large weights: the same model with external data, which lie in the file itself. So a
 * model is known after a few kilobytes of it are read, and its weights stay where they are until someone wants them.
 *
 * Only what encloses weights is gone through field by field (protobuf's wire format:
 * https://protobuf.dev/programming-guides/encoding); all else is copied as it stands. What is not as it should be is
 * for the reader of the whole file to name.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf';
import { ELEMENT_BYTES, elementCount } from '../graph/tensor.ts';
import { recogniseNonOnnx } from './sniff.ts';
import { elementTypeOf } from './types.ts';

/** Bytes from which on a tensor stays in its file. */
export const LARGE = 2 ** 16;
/** Bytes read at a time. */
const WINDOW = 2 ** 18;
/** A tag of a field and the length behind it. */
const MOST_HEAD = 20;

/** Fields by their numbers in onnx.proto. */
const GRAPH_OF_MODEL = 7;
const INITIALIZER_OF_GRAPH = 5;
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;

interface PartedFile {
  /** Bytes. */
  readonly size: number;
  part(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes of the file, or others. */
type Piece = { from: number; to: number } | Uint8Array;

interface Field {
  number: number;
  /** Where it begins, where its content does, and where it ends. */
  start: number;
  from: number;
  end: number;
  /** Its content has a length of its own: a message, bytes, a text. */
  delimited: boolean;
}

/** Not the wire format, or cut short. */
class Unscannable extends Error {
  declare protected readonly nominal: true;
}

/**
 * @param location what the external data are said to lie in: the file's name
 * @returns null where there is nothing to leave out, or the file is not whole
 */
export async function withoutLargeTensors(file: PartedFile, location: string): Promise<Uint8Array | null> {
  const scan = new Scan(file);
  try {
    if (recogniseNonOnnx(await file.part(0, Math.min(512, file.size)))) return null;
    const pieces = await scan.message(0, file.size, (field) =>
      field.number === GRAPH_OF_MODEL ? scan.graph(field, location) : undefined,
    );
    return scan.left ? await scan.joined(pieces) : null;
  } catch (error) {
    if (error instanceof Unscannable) return null;
    throw error;
  }
}

class Scan {
  /** Whether a tensor was left out. */
  left = false;
  readonly #file: PartedFile;
  #window = new Uint8Array();
  #at = 0;

  constructor(file: PartedFile) {
    this.#file = file;
  }

  /** The pieces of a message; `inside` gives others for a field that it changes. */
  async message(
    from: number,
    to: number,
    inside: (field: Field) => Promise<Piece[]> | undefined,
  ): Promise<Piece[]> {
    const pieces: Piece[] = [];
    for (let at = from; at < to;) {
      const field = await this.#field(at, to);
      const other = field.delimited ? inside(field) : undefined;
      if (other) for (const piece of await other) pieces.push(piece);
      else {
        const last = pieces.at(-1);
        if (last && !(last instanceof Uint8Array) && last.to === at) last.to = field.end;
        else pieces.push({ from: at, to: field.end });
      }
      at = field.end;
    }
    return pieces;
  }

  async graph({ number, from, end }: Field, location: string): Promise<Piece[]> {
    const pieces = await this.message(from, end, (field) =>
      field.number === INITIALIZER_OF_GRAPH && field.end - field.from >= LARGE
        ? this.#tensor(field, location)
        : undefined,
    );
    return enclosed(number, pieces);
  }

  async #tensor(tensor: Field, location: string): Promise<Piece[]> {
    const raw: Field[] = [];
    let elsewhere = false;
    const pieces = await this.message(tensor.from, tensor.end, (field) => {
      if (field.number === RAW_DATA) {
        raw.push(field);
        return Promise.resolve([]);
      }
      elsewhere ||= field.number === EXTERNAL_DATA;
      return undefined;
    });
    const whole: Piece[] = [{ from: tensor.start, to: tensor.end }];
    const length = raw.length === 1 ? raw[0].end - raw[0].from : 0;
    if (elsewhere || length < LARGE) return whole;
    const head = await this.joined(pieces);
    let known;
    try {
      known = fromBinary(TensorProtoSchema, head, { readUnknownFields: false });
    } catch {
      return whole;
    }
    const type = elementTypeOf(known.dataType);
    const expected = type && elementCount(known.dims.map(Number)) * ELEMENT_BYTES[type];
    if (expected !== length || known.dataLocation !== TensorProto_DataLocation.DEFAULT) return whole;
    const entries = { location, offset: String(raw[0].from), length: String(length) };
    const place = create(TensorProtoSchema, {
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    });
    this.left = true;
    return enclosed(tensor.number, [head, toBinary(TensorProtoSchema, place)]);
  }

  async joined(pieces: readonly Piece[]): Promise<Uint8Array> {
    const all = new Uint8Array(lengthOf(pieces));
    let at = 0;
    for (const piece of pieces) {
      const bytes =
        piece instanceof Uint8Array ? piece : await this.#file.part(piece.from, piece.to - piece.from);
      all.set(bytes, at);
      at += bytes.byteLength;
    }
    return all;
  }

  async #field(start: number, end: number): Promise<Field> {
    const inWindow = start >= this.#at && start + MOST_HEAD <= this.#at + this.#window.length;
    if (!inWindow && this.#at + this.#window.length < this.#file.size) {
      this.#window = new Uint8Array(await this.#file.part(start, Math.min(WINDOW, this.#file.size - start)));
      this.#at = start;
    }
    const tag = this.#varint(start);
    const number = Math.floor(tag.value / 8);
    switch (tag.value % 8) {
      case 0:
        return within(
          { number, start, from: tag.next, end: this.#varint(tag.next).next, delimited: false },
          end,
        );
      case 1:
        return within({ number, start, from: tag.next, end: tag.next + 8, delimited: false }, end);
      case 2: {
        const { value, next } = this.#varint(tag.next);
        return within({ number, start, from: next, end: next + value, delimited: true }, end);
      }
      case 5:
        return within({ number, start, from: tag.next, end: tag.next + 4, delimited: false }, end);
      default:
        throw new Unscannable();
    }
  }

  #varint(at: number): { value: number; next: number } {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#window[at + i - this.#at];
      if (byte === undefined) throw new Unscannable();
      value += (byte % 128) * 2 ** (7 * i);
      if (byte < 128) return { value, next: at + i + 1 };
    }
    throw new Unscannable();
  }
}

function within(field: Field, end: number): Field {
  if (field.number < 1 || field.end > end) throw new Unscannable();
  return field;
}

function enclosed(number: number, pieces: readonly Piece[]): Piece[] {
  const head = [...varint(number * 8 + 2), ...varint(lengthOf(pieces))];
  return [Uint8Array.from(head), ...pieces];
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce(
    (sum, piece) => sum + (piece instanceof Uint8Array ? piece.byteLength : piece.to - piece.from),
    0,
  );
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}
