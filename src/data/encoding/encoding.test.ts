import { describe, expect, it } from 'vitest';
import { encodeLegacy, LANGUAGES } from '../../../tests/support/many-languages.ts';
import { decodeText } from '../table/decode.ts';
import { StudioError } from '../../errors.ts';
import { decodeStrictly } from './decoder.ts';
import { started } from '../../../tests/support/processor-time.ts';

const csvOf = (sentences: readonly string[], rows: number): string =>
  `text,label\n${Array.from({ length: rows }, (_, i) => `"${sentences[i % sentences.length]}",${i % 2 ? 'good' : 'bad'}\n`).join('')}`;

type Outcome = { text: string } | { candidates: { encoding: string; sample: string }[] };

function outcome(bytes: Uint8Array): Outcome {
  try {
    return { text: decodeText(bytes, 'a.csv').text };
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    const { message, question } = error as StudioError;
    expect(message.length).toBeLessThan(400);
    if (question?.kind !== 'encoding') throw error;
    return question;
  }
}

describe.each(LANGUAGES)('$language', ({ encodings, sentences }) => {
  const all = [...encodings, 'utf-16le', 'utf-16be', 'utf-8'];
  // An old Macintosh's Cyrillic differs from windows-1251 in capitals alone; the person is asked.
  it.each(all.filter((encoding) => encoding !== 'x-mac-cyrillic'))('in %s reads right', (encoding) => {
    for (const rows of [5, 50]) {
      const csv = csvOf(sentences, rows);
      const bytes = encoding === 'utf-8' ? new TextEncoder().encode(csv) : encodeLegacy(csv, encoding);
      expect(outcome(bytes)).toEqual({ text: csv });
    }
  });

  it.each(all)(
    'of a single row in %s reads right, or is asked about with the right text offered',
    (encoding) => {
      for (const sentence of sentences) {
        const csv = csvOf([sentence], 1);
        const bytes = encoding === 'utf-8' ? new TextEncoder().encode(csv) : encodeLegacy(csv, encoding);
        const found = outcome(bytes);
        if ('text' in found) expect(found.text).toBe(csv);
        else expect(found.candidates.map(({ sample }) => csv.includes(sample))).toContain(true);
      }
    },
  );
});

describe('windows-1251 without capitals', () => {
  it.each([5, 50])('is no other Cyrillic, in %i rows', (rows) => {
    const sentences = [
      'скучная история без конца',
      'какая радость смотреть это',
      'моя семья смеялась весь день',
    ];
    const csv = csvOf(sentences, rows);
    expect(outcome(encodeLegacy(csv, 'windows-1251'))).toEqual({ text: csv });
  });
});

describe('the encoding that a person names', () => {
  const csv = csvOf(LANGUAGES.find(({ language }) => language === 'Russian')!.sentences, 6);
  it('is taken under any of its labels', () => {
    const bytes = encodeLegacy(csv, 'x-mac-cyrillic');
    expect(decodeText(bytes, 'a.csv', 'x-mac-ukrainian')).toEqual({
      text: csv,
      encoding: 'x-mac-cyrillic',
      notes: [],
    });
  });
  it('is refused where it makes no text, with the likeliest', () => {
    expect(() => decodeText(encodeLegacy(csv, 'koi8-r'), 'a.csv', 'ibm866')).toThrow(
      /cannot be told in which encoding the text is: .* in koi8-r/,
    );
  });
  it('is refused where its bytes are none, with the line', () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('text,label\na,1\n'),
      0x81,
      0x20,
      0x2c,
      0x30,
      0x0a,
    ]);
    expect(() => decodeText(bytes, 'a.csv', 'shift_jis')).toThrow(
      'a.csv, line 3: bytes that are none of shift_jis; set data.encoding to the right encoding, or save the file as UTF-8.',
    );
    expect(() => decodeText(bytes, 'a.csv', 'latin-17')).toThrow('"latin-17" is no encoding that is read');
  });
});

describe('text that was spoilt before it became UTF-8', () => {
  const spoilt = (text: string, encoding: string): Uint8Array => {
    const wrong = decodeStrictly(new TextEncoder().encode(text), encoding);
    return new TextEncoder().encode(wrong!);
  };
  it('is refused by what it should be', () => {
    const bytes = spoilt('text,label\nthe café,1\nnaïve,0\n', 'windows-1252');
    expect(() => decodeText(bytes, 'a.csv')).toThrow(
      'a.csv, line 2: "cafÃ©" should be "café": the text was read as windows-1252 before this file was written; ' +
        'export it again as UTF-8, or set data.encoding to utf-8 to take it as it is.',
    );
    expect(decodeText(bytes, 'a.csv', 'utf-8').text).toContain('cafÃ©');
  });
  it('in Cyrillic too', () => {
    expect(() => decodeText(spoilt('text,label\nпривет,1\n', 'windows-1251'), 'a.csv')).toThrow(
      /should be "привет"/,
    );
  });
  it('is told from text that only looks a little like it', () => {
    const text = 'text,label\nCAFÉ»,1\ndéjà vu,0\nÀ côté,1\nsoupçon,0\n';
    expect(decodeText(new TextEncoder().encode(text), 'a.csv').text).toBe(text);
  });
  it('is refused where letters are lost', () => {
    const lost = new TextEncoder().encode('text,label\nthe caf\ufffd,1\nna\ufffdve,0\n');
    expect(() => decodeText(lost, 'a.csv')).toThrow(/^a\.csv, line 2: 2 lines hold a replacement character/);
  });
});

it('windows-1252 and Korean of Windows are read whole on every platform', () => {
  expect(decodeStrictly(Uint8Array.of(0x80, 0x93, 0x61, 0x94, 0x9f), 'windows-1252')).toBe('€“a”Ÿ');
  // 똠 and 햏 are not in KS X 1001.
  expect(decodeStrictly(Uint8Array.of(0x8c, 0x63, 0x20, 0xc1, 0x64, 0xb0, 0xa1), 'euc-kr')).toBe('똠 햏가');
});

it('a long file is told by a bounded sample, and a letter of another encoding in it is not passed over', () => {
  const sentences = LANGUAGES.find(({ language }) => language === 'Polish')!.sentences;
  const rows = csvOf(sentences, 40_000);
  const bytes = encodeLegacy(rows, 'windows-1250');
  const seconds = started();
  expect(decodeText(bytes, 'a.csv').text).toBe(rows);
  expect(seconds()).toBeLessThan(5);
});
