import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatMilliseconds,
  formatSeconds,
  formatShare,
} from './format.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [1536 * 1024, '1.50 MiB'],
    [-2048, '-2.00 KiB'],
    [150 * 1024 ** 3, '150 GiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('formats shares, times and metrics', () => {
    expect(formatShare(33154, 1875330)).toBe('1.8 %');
    expect(formatShare(5, 5)).toBe('100 %');
    expect(formatShare(1, 0)).toBe('–');
    expect(formatSeconds(8.44)).toBe('8.4 s');
    expect(formatSeconds(185)).toBe('3 min 05 s');
    expect(formatSeconds(119.7)).toBe('2 min 00 s');
    expect(formatMetric('accuracy', 0.8125)).toBe('81.3 %');
    expect(formatMetric('matthews', 0.5)).toBe('0.5000');
    expect(formatMetric('loss', NaN)).toBe('NaN');
    expect(formatMilliseconds(12.34)).toBe('12.3');
    expect(formatMilliseconds(1234.5)).toBe('1235');
    expect(formatCount(1234567)).toBe('1,234,567');
  });
});

/** `a.b` for every text, functions included. */
function keys(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
    typeof entry === 'object' && entry !== null ? keys(entry, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

describe('the dictionaries', () => {
  it('have the same keys, and no empty text', () => {
    expect(keys(zh).sort()).toEqual(keys(en).sort());
    for (const dictionary of [en, zh]) {
      for (const entry of Object.values(dictionary))
        if (typeof entry === 'string') expect(entry.trim()).not.toBe('');
    }
  });
});
