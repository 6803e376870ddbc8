/**
 * The values of one column in one row group. hyparquet has the formats of values; pages are taken apart here, so that
 * nothing is believed that a page says about itself, and nothing waits: a column is read when it is asked for.
 * Source: parquet-format (README.md, Encodings.md) and hyparquet's column.js and datapage.js.
 */
import type { ColumnMetaData, DecodedArray, SchemaTree } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import type { Inflater } from './inflate.ts';
import { readRuns, type Reader } from './runs.ts';

type Header = ReturnType<typeof parquetHeader>;

const decoder = new TextDecoder();

/** JSON and shapes stay as they are stored. */
export const PARSERS: typeof DEFAULT_PARSERS = {
  ...DEFAULT_PARSERS,
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes),
  geometryFromBytes: (bytes: Uint8Array | undefined) => bytes,
  geographyFromBytes: (bytes: Uint8Array | undefined) => bytes,
};

export interface Chunk {
  meta: ColumnMetaData;
  /** From the root to the leaf. */
  schemaPath: SchemaTree[];
  /** Rows of the group. */
  rows: number;
}

/** Values of a leaf, a row each; rows of a list hold arrays, nested as deep as the schema. @throws Error */
export function readChunk(bytes: Uint8Array, chunk: Chunk, inflater: Inflater): unknown[] {
  return new ChunkReader(chunk, inflater).read(bytes);
}

class ChunkReader {
  private readonly chunk: Chunk;
  private readonly inflater: Inflater;
  private readonly element: SchemaTree['element'];
  private readonly maxDefinition: number;
  private readonly maxRepetition: number;
  private dictionary: DecodedArray | null = null;
  private readonly output: unknown[] = [];
  /** Values, nulls among them, that pages may still hold. */
  private left: number;

  constructor(chunk: Chunk, inflater: Inflater) {
    this.chunk = chunk;
    this.inflater = inflater;
    this.element = chunk.schemaPath.at(-1)!.element;
    this.maxDefinition = getMaxDefinitionLevel(chunk.schemaPath);
    this.maxRepetition = getMaxRepetitionLevel(chunk.schemaPath);
    this.left = Number(chunk.meta.num_values);
  }

  read(bytes: Uint8Array): unknown[] {
    const [start, end] = placeOf(this.chunk.meta, bytes.length);
    const reader: Reader = {
      view: new DataView(bytes.buffer, bytes.byteOffset + start, end - start),
      offset: 0,
    };
    while (this.left > 0 && reader.offset < reader.view.byteLength) {
      const header = parquetHeader(reader);
      const size = header.compressed_page_size;
      if (!(size >= 0) || reader.offset + size > reader.view.byteLength) throw new Error('a page is cut off');
      const page = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, size);
      reader.offset += size;
      this.readPage(header, page);
    }
    if (this.left > 0) throw new Error(`${this.left} values are missing`);
    if (this.output.length !== this.chunk.rows)
      throw new Error(`${this.output.length} rows where the file says ${this.chunk.rows}`);
    return this.output;
  }

  private readPage(header: Header, packed: Uint8Array): void {
    if (header.type === 'DICTIONARY_PAGE') this.readDictionary(header, packed);
    else if (header.type === 'DATA_PAGE') this.readData(header, packed);
    else if (header.type === 'DATA_PAGE_V2') this.readData2(header, packed);
    else if (header.type !== 'INDEX_PAGE') throw new Error('a page of an unknown type');
  }

  private readDictionary(header: Header, packed: Uint8Array): void {
    const count = header.dictionary_page_header?.num_values ?? 0;
    const page = this.inflater.inflate(packed, this.chunk.meta.codec, header.uncompressed_page_size);
    if (!(count >= 0 && count <= page.length)) throw new Error(`a dictionary of ${count} values`);
    const values = readPlain(readerOf(page), this.chunk.meta.type, count, this.element.type_length);
    this.dictionary = this.converted(values);
  }

  private readData(header: Header, packed: Uint8Array): void {
    const about = header.data_page_header;
    if (about === undefined) throw new Error('a page without a header');
    const count = this.take(about.num_values);
    const page = this.inflater.inflate(packed, this.chunk.meta.codec, header.uncompressed_page_size);
    const reader = readerOf(page);
    const repetitions = this.maxRepetition > 0 ? readRuns(reader, bitsOf(this.maxRepetition), count) : [];
    const definitions = this.maxDefinition > 0 ? readRuns(reader, bitsOf(this.maxDefinition), count) : [];
    this.assemble(reader, about.encoding, count, definitions, repetitions);
  }

  /** The levels stand before the packed values, and say how long they are. */
  private readData2(header: Header, packed: Uint8Array): void {
    const about = header.data_page_header_v2;
    if (about === undefined) throw new Error('a page without a header');
    const count = this.take(about.num_values);
    const repetitionBytes = about.repetition_levels_byte_length;
    const definitionBytes = about.definition_levels_byte_length;
    const levels = repetitionBytes + definitionBytes;
    if (!(repetitionBytes >= 0 && definitionBytes >= 0 && levels <= packed.length))
      throw new Error('levels are longer than their page');
    const reader = readerOf(packed);
    const repetitions =
      this.maxRepetition > 0 ? readRuns(reader, bitsOf(this.maxRepetition), count, repetitionBytes) : [];
    reader.offset = repetitionBytes;
    const definitions =
      this.maxDefinition > 0 ? readRuns(reader, bitsOf(this.maxDefinition), count, definitionBytes) : [];
    const values = packed.subarray(levels);
    const size = header.uncompressed_page_size - levels;
    // A page of nulls alone has no packed values.
    const codec = about.is_compressed === false || size === 0 ? 'UNCOMPRESSED' : this.chunk.meta.codec;
    const page = size === 0 ? new Uint8Array() : this.inflater.inflate(values, codec, size);
    this.assemble(readerOf(page), about.encoding, count, definitions, repetitions);
  }

  /** @returns `count`, once it is sure that the chunk may hold as many */
  private take(count: number): number {
    if (!Number.isInteger(count)) throw new Error('a page that does not say how many values it has');
    if (!(count >= 0 && count <= this.left))
      throw new Error(`a page of ${count} values where ${this.left} are left`);
    this.left -= count;
    this.inflater.takeValues(count);
    return count;
  }

  private assemble(
    reader: Reader,
    encoding: string | undefined,
    count: number,
    definitions: number[],
    repetitions: number[],
  ): void {
    const present =
      this.maxDefinition === 0 ? count : definitions.filter((level) => level === this.maxDefinition).length;
    const values = this.readValues(reader, encoding, present);
    if (definitions.length === 0 && repetitions.length === 0) {
      for (const value of values as ArrayLike<unknown> as unknown[]) this.output.push(value);
    } else assembleLists(this.output, definitions, repetitions, values, this.chunk.schemaPath);
  }

  private readValues(reader: Reader, encoding: string | undefined, count: number): DecodedArray {
    if (count === 0) return [];
    const { type } = this.chunk.meta;
    switch (encoding) {
      case 'PLAIN':
        if (type !== 'BOOLEAN' && count > reader.view.byteLength) throw new Error('values are cut off');
        return this.converted(readPlain(reader, type, count, this.element.type_length));
      case 'PLAIN_DICTIONARY':
      case 'RLE_DICTIONARY':
        return this.looked(readIndices(reader, count));
      case 'RLE':
        if (type !== 'BOOLEAN') throw new Error('runs of other values than true and false');
        return readRuns(reader, 1, count).map((bit) => bit === 1);
      case 'BYTE_STREAM_SPLIT':
        if (count > reader.view.byteLength) throw new Error('values are cut off');
        return this.converted(byteStreamSplit(reader, count, type, this.element.type_length));
      case 'DELTA_BINARY_PACKED': {
        const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
        deltaBinaryUnpack(reader, count, numbers);
        return this.converted(numbers);
      }
      case 'DELTA_LENGTH_BYTE_ARRAY': {
        const strings = new Array<Uint8Array>(count);
        deltaLengthByteArray(reader, count, strings);
        return this.converted(strings);
      }
      case 'DELTA_BYTE_ARRAY': {
        const strings = new Array<Uint8Array>(count);
        deltaByteArray(reader, count, strings);
        return this.converted(strings);
      }
      default:
        throw new Error(encoding ? `values encoded as ${encoding}` : 'values in an unknown encoding');
    }
  }

  private looked(indices: number[]): DecodedArray {
    const { dictionary } = this;
    if (dictionary === null) throw new Error('a page without its dictionary');
    return indices.map((index) => {
      if (index >= dictionary.length)
        throw new Error(`place ${index} of a dictionary of ${dictionary.length}`);
      return dictionary[index] as unknown;
    });
  }

  private converted(values: DecodedArray): DecodedArray {
    const { meta, schemaPath } = this.chunk;
    return convert(values, {
      pathInSchema: meta.path_in_schema,
      type: meta.type,
      codec: meta.codec,
      element: this.element,
      schemaPath,
      parsers: PARSERS,
    });
  }
}

/** First byte and end of a column's pages. @throws Error where they are not in the file */
function placeOf(meta: ColumnMetaData, length: number): [number, number] {
  const data = Number(meta.data_page_offset);
  const dictionary = Number(meta.dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= length)) throw new Error('its pages are not in the file');
  return [start, end];
}

function readIndices(reader: Reader, count: number): number[] {
  const width = reader.view.getUint8(reader.offset++);
  if (width === 0) return new Array<number>(count).fill(0);
  return readRuns(reader, width, count, reader.view.byteLength - reader.offset);
}

function readerOf(bytes: Uint8Array): Reader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

/** Bits that the levels 0..max take. */
function bitsOf(max: number): number {
  return 32 - Math.clz32(max);
}
