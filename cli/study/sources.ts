/** Models and data of a study from the disk, from a hub, and from what comes along. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { loadModel } from '../../src/models/load.ts';
import type { StudySources } from '../../src/study/work/materials.ts';
import { builtinDataPlace } from '../builtin-data.ts';
import { hubDataCommit, parseHubData } from '../../src/models/hub/hub-data.ts';
import { sourceFiles } from '../files.ts';
import { hubOptions } from '../hub.ts';
import { loadMaterials, openFolder } from '../load.ts';

/** @param base folder that the spec's paths are relative to */
export function diskSources(base: string): StudySources {
  return {
    model: async (source) => loadModel(await sourceFiles(source, base), source),
    tables: (spec, model) => loadMaterials(spec, base, model),
    hash: async (file) => {
      const hub = parseHubData(file);
      if (hub !== null) return hubDataCommit(hub, hubOptions());
      const place = builtinDataPlace(file) ?? path.resolve(base, file);
      if (!existsSync(place) || !statSync(place).isFile()) return null;
      return createHash('sha256').update(readFileSync(place)).digest('hex');
    },
    folder: (name) => openFolder(path.resolve(base, name)),
  };
}
