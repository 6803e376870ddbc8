/** What a study leaves, as files: the same that the command line writes. */
import { Bilingual, type Language } from '../../../evidence/report/bilingual.ts';
import type { NamedFile } from '../../../protocol/messages.ts';
import type { StudyPlan } from '../../../protocol/study.ts';
import { svgFile } from '../../../study/figures/draw.ts';
import type { Figure } from '../../../study/figures/figure.ts';
import { csvOf } from '../../../study/figures/table-of.ts';
import { studyReport } from '../../../study/report/report.ts';
import { rowLine } from '../../../study/row.ts';
import type { Row } from '../../../study/study.ts';
import { said } from '../../i18n/said.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A figure as CSV, and as SVG where it is a picture. */
export function figureFiles(experiment: string, figure: Figure, language: Language): NamedFile[] {
  const name = `${experiment}-${figure.id.replace(/[^\p{L}\p{N}._-]+/gu, '-')}`;
  const svg = svgFile(figure, new Bilingual(said, [language]));
  return [
    { name: `${name}.csv`, bytes: bytesOf(csvOf(figure)) },
    ...(svg === null ? [] : [{ name: `${name}.svg`, bytes: bytesOf(svg) }]),
  ];
}

/** The experiment as one HTML page, in the language that it is read in first. */
export function reportFile({ results, environment }: StudyPlan, language: Language): NamedFile {
  const html = studyReport([results], {
    name: `Delta Studio: ${results.experiment}`,
    created: new Date().toISOString(),
    environment,
    language,
    said,
  });
  return { name: 'report.html', bytes: bytesOf(html) };
}

/** All of it: rows, results, figures, report, and the description that makes it again. */
export function studyFolder(
  plan: StudyPlan,
  rows: readonly Row[],
  spec: string,
  language: Language,
): NamedFile[] {
  const { results } = plan;
  const { experiment, figures } = results;
  return [
    { name: 'spec.json', bytes: bytesOf(spec) },
    { name: 'runs.jsonl', bytes: bytesOf(rows.map(rowLine).join('')) },
    { name: `${experiment}.json`, bytes: bytesOf(`${JSON.stringify(results, null, 2)}\n`) },
    reportFile(plan, language),
    ...figures.flatMap((figure) =>
      figureFiles(experiment, figure, language).map((file) => ({ ...file, name: `figures/${file.name}` })),
    ),
  ];
}
