import { describe, expect, it } from 'vitest';
import { diffTexts } from './text-diff.ts';

const said = (reference: string, written: string): string =>
  diffTexts(reference, written)
    .map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'added' ? '+' : '-'}[${text}]`))
    .join('');

describe('diffTexts', () => {
  it.each([
    ['Tom sends maps.', 'Tom sends maps.', 'Tom sends maps.'],
    ['Tom sends four maps.', 'Tom sends maps.', 'Tom sends -[four ]maps.'],
    ['Tom sends maps.', 'Tom is sending maps.', 'Tom -[sends ]+[is sending ]maps.'],
    ['every day.', 'every day', 'every day-[.]'],
    ['two  spaces', 'two spaces', 'two spaces'],
    ['', 'all of it', '+[all of it]'],
    ['all of it', '', '-[all of it]'],
    ['我喜欢红茶', '我喜欢绿茶', '我喜欢-[红]+[绿]茶'],
    ['用 WebGPU 训练', '用 WebGL 训练', '用 -[WebGPU ]+[WebGL ]训练'],
  ])('%j and %j', (reference, written, expected) => {
    expect(said(reference, written)).toBe(expected);
  });
});
