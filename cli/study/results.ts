/** Writes what a study's rows say: a JSON file for the experiment, its figures as SVG and CSV, the report of all. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { said } from '../../src/app/i18n/said.ts';
import { Bilingual, type Language } from '../../src/evidence/report/bilingual.ts';
import type { RunEnvironment } from '../../src/runs/record.ts';
import { svgFile } from '../../src/study/figures/draw.ts';
import { csvOf } from '../../src/study/figures/table-of.ts';
import { studyReport } from '../../src/study/report/report.ts';
import { readStored, type StoredExperiment } from '../../src/study/stored.ts';
import { writeJson, writeWhole, writing } from '../whole-file.ts';
import { experimentFiles } from './study-folder.ts';

export interface ResultsOptions {
  name: string;
  created: string;
  environment: RunEnvironment;
  language: Language;
}

/** @throws StudioError('storage') */
export function writeResults(place: string, stored: StoredExperiment, options: ResultsOptions): void {
  writeJson(path.join(place, `${stored.experiment}.json`), stored);
  const figures = path.join(place, 'figures');
  writing(figures, () => mkdirSync(figures, { recursive: true }));
  const alone = new Bilingual(said, [options.language]);
  for (const figure of stored.figures) {
    const file = path.join(figures, `${stored.experiment}-${safe(figure.id)}`);
    writeWhole(`${file}.csv`, csvOf(figure));
    const svg = svgFile(figure, alone);
    if (svg !== null) writeWhole(`${file}.svg`, svg);
  }
  const all = experimentFiles(place).flatMap((file) => readStored(readFileSync(file, 'utf8')) ?? []);
  writeWhole(path.join(place, 'report.html'), studyReport(all, { ...options, said }));
}

/** Ids may hold names of models. */
function safe(id: string): string {
  return id.replace(/[^\p{L}\p{N}._-]+/gu, '-');
}
