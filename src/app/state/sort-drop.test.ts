import { describe, expect, it } from 'vitest';
import type { FolderFile } from '../../protocol/messages.ts';
import { dataOfTables, sortDrop, withPart } from './sort-drop.ts';

const file = (path: string, text = ''): FolderFile => ({
  path,
  file: new File([text], path.slice(path.lastIndexOf('/') + 1)),
});

const uses = async (...files: FolderFile[]) =>
  Object.fromEntries((await sortDrop(files, false)).told.map(({ path, use }) => [path, use]));

describe('files dropped on the page', () => {
  it('train, validate and test by their names', async () => {
    expect(await uses(file('a/test.tsv'), file('a/dev.tsv'), file('a/train.tsv'))).toEqual({
      'a/test.tsv': 'test',
      'a/dev.tsv': 'validation',
      'a/train.tsv': 'training',
    });
    expect(await uses(file('test.csv'))).toEqual({ 'test.csv': 'training' });
    expect(await uses(file('films.csv'), file('films-test.csv'))).toEqual({
      'films.csv': 'training',
      'films-test.csv': 'validation',
    });
    expect(await uses(file('a.csv'), file('b.csv'))).toEqual({
      'a.csv': 'training',
      'b.csv': 'anotherTable',
    });
  });

  it('join the files that are loaded where a single one is called a test or validation file', async () => {
    const own = { train: new File([''], 'films.csv'), validation: new File([''], 'films-dev.csv') };
    const names = async (dropped: FolderFile, loaded: Parameters<typeof sortDrop>[2]) => {
      const { data, told } = await sortDrop([dropped], false, loaded);
      return [told[0].use, data?.train.name, data?.validation?.name, data?.test?.name];
    };
    expect(await names(file('b/films-test.csv'), own)).toEqual([
      'test',
      'films.csv',
      'films-dev.csv',
      'films-test.csv',
    ]);
    expect(await names(file('valid.csv'), own)).toEqual(['validation', 'films.csv', 'valid.csv', undefined]);
    // Another name begins anew, and so does a file to train on.
    expect(await names(file('others.csv'), own)).toEqual(['training', 'others.csv', undefined, undefined]);
    expect(await names(file('test-train.csv'), own)).toEqual([
      'training',
      'test-train.csv',
      undefined,
      undefined,
    ]);
    expect(await names(file('test.csv'), null)).toEqual(['training', 'test.csv', undefined, undefined]);
  });

  it('are a model where one of them is an ONNX file', async () => {
    const { model, told } = await sortDrop(
      [file('m/onnx/model.onnx'), file('m/config.json', '{}'), file('m/vocab.txt'), file('m/notes.pdf')],
      false,
    );
    expect(model.map(({ path }) => path)).toEqual(['m/onnx/model.onnx', 'm/config.json', 'm/vocab.txt']);
    expect(told.at(-1)).toEqual({ path: 'm/notes.pdf', use: 'unknown' });
    expect(await uses(file('config.json', '{}'), file('model.safetensors'))).toEqual({
      'config.json': 'noModelFile',
      'model.safetensors': 'notOnnx',
    });
  });

  it('fill the form where they are a run spec, and are a table where they are other JSON', async () => {
    const spec = file('run.json', '{"model": {}, "data": {}}');
    const table = file('rows.json', '[{"text": "a", "label": 1}]');
    const broken = file('broken.json', '{');
    expect(await uses(spec)).toEqual({ 'run.json': 'settings' });
    expect(await uses(table)).toEqual({ 'rows.json': 'training' });
    expect(await uses(broken)).toEqual({ 'broken.json': 'training' });
  });

  it('are taken by none while runs train', async () => {
    const sorted = await sortDrop([file('train.csv')], true);
    expect(sorted.data).toBeNull();
    expect(sorted.told).toEqual([{ path: 'train.csv', use: 'busy' }]);
  });

  it('are taken for another part when the person says so', async () => {
    const { tables, data } = await sortDrop([file('a.csv'), file('b.csv')], false);
    expect([data?.train.name, data?.test]).toEqual(['a.csv', null]);
    const tested = withPart(tables, 'b.csv', 'test');
    expect(dataOfTables(tested)).toMatchObject({ train: { name: 'a.csv' }, test: { name: 'b.csv' } });
    // One file a part: what had it before is not used any more.
    const turned = withPart(tested, 'b.csv', 'training');
    expect(turned.map(({ part }) => part)).toEqual([null, 'training']);
    expect(dataOfTables(withPart(turned, 'b.csv', null))).toBeNull();
  });
});
