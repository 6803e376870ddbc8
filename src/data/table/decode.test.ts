import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { english } from '../../sentence.ts';
import { decodeText } from './decode.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const refused = (bytes: Uint8Array): StudioError => {
  try {
    decodeText(bytes, 'a.csv');
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    return error as StudioError;
  }
  throw new Error('was not refused');
};

describe('encodings', () => {
  it('reads UTF-8, and takes its byte-order mark off', () => {
    expect(decodeText(utf8('naïve\t房间\n'), 'a.tsv')).toEqual({
      text: 'naïve\t房间\n',
      encoding: 'utf-8',
      notes: [],
    });
    expect(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), 'a').text).toBe('a');
  });

  it('reads Chinese in GB18030 and says so', () => {
    // 房间很干净 in GB18030.
    const bytes = new Uint8Array([0xb7, 0xbf, 0xbc, 0xe4, 0xba, 0xdc, 0xb8, 0xc9, 0xbe, 0xbb, 0x2c, 0x31]);
    const decoded = decodeText(bytes, 'a.csv');
    expect(decoded.text).toBe('房间很干净,1');
    expect(decoded.encoding).toBe('gb18030');
    expect(decoded.notes.map(english)).toEqual(['Not UTF-8: read as gb18030.']);
  });

  it('reads UTF-16 by its byte-order mark', () => {
    const little = new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x3f, 0x62]);
    expect(decodeText(little, 'a.csv')).toMatchObject({
      text: 'a\n房'.replace('房', '\u623f'),
      encoding: 'utf-16le',
    });
    expect(decodeText(new Uint8Array([0xfe, 0xff, 0, 0x61]), 'a.csv').text).toBe('a');
  });

  it('names the line of one broken character in a UTF-8 file', () => {
    const bytes = new Uint8Array([...utf8('这家酒店很干净\n服务员也很热情\n'), 0xe8, 0x0a]);
    const error = refused(bytes);
    expect(error.where).toBe('a.csv:3');
    expect(error.message).toContain('not valid UTF-8');
  });
});

describe('line ends', () => {
  it('are \\n whatever the file has', () => {
    expect(decodeText(utf8('a\r\nb\r\n'), 'a').text).toBe('a\nb\n');
    expect(decodeText(utf8('a\rb\r'), 'a').text).toBe('a\nb\n');
  });

  it('leave a lone carriage return inside a line alone', () => {
    expect(decodeText(utf8('a\rb\nc\n'), 'a').text).toBe('a\rb\nc\n');
  });
});

describe('what is not text', () => {
  it('is refused: empty, NUL bytes with their line, known binary files by name', () => {
    expect(refused(new Uint8Array()).message).toBe('a.csv: the file is empty; choose a file with rows.');
    const nul = refused(utf8('a,b\nc\0,d\n'));
    expect(nul.message).toMatch(/^a\.csv, line 2: a NUL byte/);
    expect(refused(new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0])).message).toContain('Excel');
    expect(refused(new Uint8Array([0x1f, 0x8b, 0])).message).toContain('gzip');
    expect(refused(utf8('PAR1....')).message).toContain('Parquet');
  });

  it('nor a table: a pointer or a page where a file was to be', () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
    expect(refused(utf8(pointer)).message).toMatch(/Git LFS pointer, not the data; run `git lfs pull`/);
    const page = '\ufeff\n<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>\n';
    expect(refused(utf8(page)).message).toContain('is a web page (HTML), not the data');
    // A text about one is no page.
    expect(() => decodeText(utf8('text,label\n<html> is a tag,1\nno tag,0\n'), 'a.csv')).not.toThrow();
  });
});
