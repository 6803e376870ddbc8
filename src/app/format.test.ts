import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatFigures,
  formatFixed,
  formatMetric,
  formatMilliseconds,
  formatProbability,
  formatSeconds,
  formatShare,
} from './format.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';
import { preferences } from './state/preferences.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.00 KiB'],
    [1536 * 1024, '1.50 MiB'],
    [-2048, '-2.00 KiB'],
    [150 * 1024 ** 3, '150 GiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('formats shares, times and metrics', () => {
    expect(formatShare(33154, 1875330)).toBe('1.8%');
    expect(formatShare(5, 5)).toBe('100%');
    expect(formatShare(1, 0)).toBe('–');
    expect(formatSeconds(8.44)).toBe('8.4 sec');
    expect(formatSeconds(15, 0)).toBe('15 sec');
    expect(formatSeconds(185)).toBe('3 min 05 sec');
    expect(formatSeconds(119.7)).toBe('2 min 00 sec');
    expect(formatMetric('accuracy', 0.8125)).toBe('81.3%');
    expect(formatMetric('matthews', 0.5)).toBe('0.5000');
    expect(formatMetric('loss', NaN)).toBe('NaN');
    expect(formatMilliseconds(12.34)).toBe('12.3');
    expect(formatMilliseconds(1234.5)).toBe('1,235');
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatSeconds(7620)).toBe('2 hr 07 min');
    expect(formatFixed(0.5, 2)).toBe('0.50');
    expect(formatFigures(0.69314, 3)).toBe('0.693');
    expect(formatFigures(1.234e-6, 2)).toBe('1.2E-6');
    expect([0.25, 0.0312, 0.001, 6.5e-5].map(formatProbability)).toEqual([
      '0.25',
      '0.031',
      '0.001',
      '< 0.001',
    ]);
  });

  it('writes units and dates in the language of the page', () => {
    preferences.setState({ language: 'zh' });
    try {
      expect(formatSeconds(185)).toBe('3分钟 05秒');
      expect(formatSeconds(8.44)).toBe('8.4秒');
      expect(formatShare(33154, 1875330)).toBe('1.8%');
      expect(formatDate('2026-11-25T12:05:00')).toMatch(/^2026年11月25日 12:05$/);
    } finally {
      preferences.setState({ language: 'en' });
    }
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
