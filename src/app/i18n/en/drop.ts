/** Texts of files dropped on the page, in English. */
import { inEnglish } from '../count.ts';
import type { DropUse } from '../../state/sort-drop.ts';

export const drop = {
  title: 'Dropped files',
  here: 'Drop data, a model, a run spec or saved runs anywhere',
  close: 'Close',
  partOf: (path: string) => `What ${path} is`,
  notUsed: 'not used',
  more: (count: number) => `and ${inEnglish(count)} more`,
  uses: {
    training: 'training rows',
    validation: 'validation rows',
    test: 'test rows',
    model: 'part of the model',
    settings: 'fills the form',
    runs: 'saved runs, put into the history',
    leftOut: 'not used',
    anotherTable: 'not used: another file has the training rows already',
    noModelFile: 'not used: a model needs its .onnx file beside it',
    notOnnx: 'not used: weights are read from an ONNX export',
    adapter: 'not used here: choose it under “Start from a saved adapter” in the options of its method',
    busy: 'not taken: a comparison is running',
    unknown: 'not used: of a kind that is not read here',
  } satisfies Record<DropUse, string>,
};
