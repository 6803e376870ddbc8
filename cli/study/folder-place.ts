/** The folder of a study as the place that its cells are worked on in. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Studio } from '../../src/plan/studio.ts';
import type { StudyPlace } from '../../src/study/work/run-cells.ts';
import { environmentOf } from '../device.ts';
import { openFolder } from '../load.ts';
import { ADAPTER_NAME } from '../run-folder.ts';
import type { StudyFolder } from './study-folder.ts';
import { trainCell } from './train-cell.ts';

/** @param base folder that the spec's paths are relative to */
export function folderPlace(folder: StudyFolder, studio: Studio, base: string): StudyPlace {
  const adapterOf = (id: string): string => path.join(folder.cell(id), ADAPTER_NAME);
  return {
    rows: async () => folder.rows(),
    append: async (row) => folder.append(row),
    claim: async (id) => folder.claim(id),
    adapter: (id) => openFolder(adapterOf(id)),
    hasAdapter: async (id) => existsSync(adapterOf(id)),
    train: (cell, prepared, { control, start, fused, keepsAdapter }) =>
      trainCell(studio, prepared, cell, {
        folder: folder.cell(cell.id),
        base,
        environment: environmentOf(studio),
        control,
        keepsAdapter,
        starts: {
          ...(start !== undefined && { start: adapterOf(start) }),
          ...(fused !== undefined && { adapters: fused.map(adapterOf) }),
        },
      }),
  };
}
