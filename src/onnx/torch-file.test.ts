/** Real files, as PyTorch wrote them, are read in tests/train/peft-versions.test.ts; here is what is refused. */
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { readTorchFile } from './torch-file.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zip = (pickle: string | Uint8Array, level: 0 | 9 = 0): Uint8Array =>
  zipSync({ 'archive/data.pkl': typeof pickle === 'string' ? bytes(pickle) : pickle }, { level });

const refusals: [string, Uint8Array, RegExp][] = [
  ['no zip', bytes('\x80\x02}.'), /before 1\.6/],
  ['no pickle', zipSync({ other: new Uint8Array(3) }, { level: 0 }), /no data\.pkl/],
  ['compressed', zip('\x80\x02}' + ' '.repeat(500), 9), /compressed/],
  ['cut short', zip('\x80\x02}'), /cut short/],
  ['a call of anything', zip('\x80\x02cos\nsystem\nX\x02\0\0\0ls\x85R.'), /it calls os\.system/],
  ['a call of a text', zip('\x80\x02X\x02\0\0\0ls)R.'), /it calls what is no function/],
  ['another instruction', zip('\x80\x02i.'), /the instruction 0x69/],
  ['a number', zip('\x80\x02K\x05.'), /no table of tensors/],
  ['no tensor', zip('\x80\x02}X\x01\0\0\0aK\x05s.'), /a is no tensor/],
  ['nothing to take', zip('\x80\x02s.'), /where there is none/],
];

it.each(refusals)('%s is refused', (_what, file, reason) => {
  const read = (): unknown => readTorchFile(file, 'adapter_model.bin');
  expect(read).toThrow(StudioError);
  expect(read).toThrow(reason);
});

it('an empty table is read', () => {
  expect(readTorchFile(zip('\x80\x02}.'), 'a.bin').size).toBe(0);
});
