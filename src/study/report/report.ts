/**
 * The report of a study: one HTML page that needs nothing but itself, reads in two languages and prints well. Each
 * experiment says what it asks, what the study found, and what the visitor's own runs say, with their figures.
 */
import { Bilingual, type Language, type Said } from '../../evidence/report/bilingual.ts';
import { STYLE } from '../../evidence/report/style.ts';
import type { RunEnvironment } from '../../runs/record.ts';
import { escapeHtml } from '../../runs/svg-chart.ts';
import { say, type Sentence, type Told } from '../../sentence.ts';
import { drawingOf } from '../figures/draw.ts';
import { EXPERIMENTS } from '../experiments/experiments.ts';
import type { Figure, TableCell, TableFigure } from '../figures/figure.ts';
import type { StoredExperiment } from '../stored.ts';

export interface StudyReportOptions {
  name: string;
  created: string;
  environment: RunEnvironment;
  language?: Language;
  said: Said;
}

/** @param experiments those that have results, in the order of the study */
export function studyReport(experiments: readonly StoredExperiment[], options: StudyReportOptions): string {
  const { name, language: first = 'en', said, created, environment } = options;
  const language = new Bilingual(said);
  const { adapter, runtime, studio } = environment;
  const contents = experiments
    .map(({ experiment, title }) => `<li><a href="#${experiment}">${language.html(title)}</a></li>`)
    .join('');
  return `<!doctype html>
<html lang="${first}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}</title>
<style>${STYLE}${OWN_STYLE}</style>
</head>
<body>
<form class="choice" autocomplete="off">
<label><input type="radio" name="language" id="en"${first === 'en' ? ' checked' : ''}>English</label>
<label lang="zh"><input type="radio" name="language" id="zh"${first === 'zh' ? ' checked' : ''}>中文</label>
</form>
<h1>${escapeHtml(name)}</h1>
${experiments.length > 1 ? `<ul class="contents">${contents}</ul>` : ''}
${experiments.map((one) => section(one, language)).join('\n')}
<h2>${language.html(say`How this was measured`)}</h2>
${list(
  [
    say`Ran on ${adapter.description || adapter.vendor} (${runtime}, Delta Studio ${studio}), ${created}.`,
    say`All methods of a task see the same rows in the same order with the same seed and the same fresh head; sets that are judged are scored once, with the weights of the best validation score.`,
    say`The study beside it: Ding et al., Parameter-efficient fine-tuning of large-scale pre-trained language models, Nature Machine Intelligence 5 (2023), with models up to eleven billion parameters; these are other models and tasks, so agreement supports it and disagreement does not refute it.`,
  ],
  language,
)}
</body>
</html>
`;
}

const OWN_STYLE = `
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 1rem 0; }
.beside > div { background: var(--soft); padding: 0.6rem 1rem; border-left: 4px solid #7f7f7f; }
.beside > .ours { border-left-color: #0072b2; } .beside h3 { margin: 0 0 0.3rem; font-size: 0.95rem; } .beside p { margin: 0.2rem 0; }
.note { font-size: 0.85rem; opacity: 0.85; margin: 0.2rem 0 0.8rem; } h2 { margin-top: 2.5rem; }
.wide table { margin: 0.5rem 0; } th { vertical-align: bottom; } .failed { font-size: 0.9rem; } svg text.on-dark { fill: #fff; }
@media (max-width: 44rem) { .beside { grid-template-columns: 1fr; } }
@media print { .wide { break-inside: avoid; } .contents { display: none; } .beside > div { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

function section(stored: StoredExperiment, language: Bilingual): string {
  const { experiment, title, question, same = [], finding, answer, figures, failed, cells } = stored;
  const paragraphs = (all: readonly Told[]): string =>
    all.map((one) => `<p>${language.html(one)}</p>`).join('');
  const state: Sentence =
    cells.missing === 0
      ? say`${cells.done} cells.`
      : say`${cells.done} of ${cells.done + cells.missing + failed.length} cells so far; run the study again to go on.`;
  return `<section id="${experiment}">
<h2>${language.html(title)}</h2>
<p>${language.html(question)} <small>${language.html(state)}</small></p>${paragraphs(same)}
<div class="beside"><div class="ours"><h3>${language.html(say`Your runs`)}</h3>${paragraphs(answer.length === 0 ? [say`Nothing can be said yet.`] : answer)}</div>
<div><h3>${language.html(say`The study found`)}</h3>${paragraphs([finding])}</div></div>
<p class="note"><b>${language.html(say`As optimisation and as control`)}.</b> ${language.html(EXPERIMENTS[experiment].view)}</p>
${figures.map((figure) => figureHtml(figure, language)).join('\n')}
${failed.length === 0 ? '' : `<h3>${language.html(say`Cells that came to nothing`)}</h3><ul class="failed">${failed.map(({ name, why }) => `<li>${language.html(name)}: ${language.html(why)}</li>`).join('')}</ul>`}
</section>`;
}

function figureHtml(figure: Figure, language: Bilingual): string {
  const note = figure.note === undefined ? '' : `<p class="note">${language.html(figure.note)}</p>`;
  const caption = `<figcaption>${language.html(figure.title)}</figcaption>`;
  if (figure.kind === 'table') return `<figure>${caption}${tableHtml(figure, language)}${note}</figure>`;
  const drawing = drawingOf(figure, language);
  if (drawing === null) return '';
  const { width, height, parts } = drawing;
  return `<figure>${caption}<svg viewBox="0 0 ${width} ${height}" role="img">${parts.join('')}</svg>${note}</figure>`;
}

function tableHtml({ columns, rows }: TableFigure, language: Bilingual): string {
  const head = columns.map((title) => `<th scope="col">${language.html(title)}</th>`).join('');
  const body = rows.map(
    ([name, ...cells]) =>
      `<tr><th scope="row">${cellHtml(name, language)}</th>${cells.map((cell) => `<td>${cellHtml(cell, language)}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function cellHtml(cell: TableCell, language: Bilingual): string {
  const told: Told = typeof cell === 'object' && 'value' in cell ? cell.text : cell;
  return typeof told === 'string' ? escapeHtml(told) : language.html(told);
}

function list(told: readonly Told[], language: Bilingual): string {
  return `<ul>${told.map((one) => `<li>${language.html(one)}</li>`).join('')}</ul>`;
}
