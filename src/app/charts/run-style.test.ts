import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { METHOD_TYPES } from '../../deltas/defaults.ts';
import { RUN_COLORS, runStyles } from './run-style.ts';

describe('runStyles', () => {
  it('keeps a method’s colour, whatever else is shown', () => {
    const alone = runStyles(['head']).get('head');
    expect(runStyles(['lora', 'lora-2', 'head', 'full']).get('head')).toEqual(alone);
  });

  it('gives every run its own colour, two of one method too', () => {
    const keys = [
      'lora',
      'lora-2',
      'lora-3',
      'full',
      'head',
      'prompt',
      'prefix',
      'adapter',
      'mine',
      'x',
      'y',
    ];
    const slots = [...runStyles(keys).values()].map(({ slot }) => slot);
    expect(new Set(slots).size).toBe(keys.length);
  });

  it('gives every method of the catalogue a colour that there is', () => {
    for (const [, { slot }] of runStyles(METHOD_TYPES)) expect(slot).toBeLessThan(RUN_COLORS);
    for (const type of METHOD_TYPES) expect(runStyles([type]).get(type)!.slot).toBeLessThan(RUN_COLORS);
  });

  it('goes on when there are more runs than colours, with other dashes', () => {
    const keys = Array.from({ length: 2 * RUN_COLORS }, (_, i) => `run-${i}`);
    const styles = [...runStyles(keys).values()];
    expect(styles).toHaveLength(keys.length);
    expect(new Set(styles.map(({ slot }) => slot)).size).toBe(RUN_COLORS);
  });
});

/** [light, dark] of a token, from the style sheet itself. */
function token(name: string): [string, string] {
  const css = readFileSync(path.join(import.meta.dirname, '../styles/tokens.css'), 'utf8');
  const match = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  if (match === null) throw new Error(`no token ${name}`);
  return [match[1], match[2]];
}

function linear(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
}

/** Ottosson's OKLab, in which distances are roughly as seen. */
function oklab(hex: string): [number, number, number] {
  const [r, g, b] = linear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((hex) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  });
  return Math.max(x, y) / Math.min(x, y);
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('run colours, %s', (_, theme) => {
  const colors = Array.from({ length: RUN_COLORS }, (_, i) => token(`run-${i}`)[theme]);

  it('stand out from the surface by 3:1 (WCAG 1.4.11)', () => {
    for (const color of colors) expect(contrast(color, token('surface')[theme])).toBeGreaterThanOrEqual(3);
  });

  it('can be told apart', () => {
    colors.forEach((a, i) => {
      for (const b of colors.slice(i + 1)) {
        expect(Math.hypot(...oklab(a).map((v, k) => v - oklab(b)[k])), `${a} ${b}`).toBeGreaterThan(0.075);
      }
    });
  });
});
