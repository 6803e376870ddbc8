/** All subsets of prompt, BitFit and adapter, with few rows and all, with and without a template. */
import { scoreText, signedDistance } from '../../evidence/figures.ts';
import { mean } from '../../evidence/samples.ts';
import { studentInterval } from '../../evidence/student.ts';
import { named, say, type Sentence } from '../../sentence.ts';
import { intervalCell, scoreCell } from '../cells-text.ts';
import type { Figure, TableFigure } from '../figures/figure.ts';
import {
  COMBINED,
  everywhere,
  NO_METHOD,
  requestsOf,
  scored,
  shownMethod,
  subsets,
  templatesOf,
} from '../grid.ts';
import { judgedSplit, scoreOf, scoresOn, valuesOf, type Score } from '../scores.ts';
import type { Draft, Experiment, Factors, Result, Study } from '../study.ts';
import { commonMetric, scoresBySeed } from '../tasks-of.ts';

/** All rows, and the study's few. */
const SHOTS = [null, 16];

function cells(study: Study): Draft[] {
  const methods = subsets(study);
  return everywhere(study, (model, data) =>
    requestsOf(
      { model, data, methods },
      templatesOf(study, data, true),
      study.options.shots ?? SHOTS,
    ).flatMap((request) => scored(study.runs(request))),
  );
}

type Setting = Pick<Factors, 'template' | 'shots'>;

function settingsOf(results: readonly Result[]): Setting[] {
  const settings = results.map(({ cell: { factors } }) => ({
    shots: factors.shots,
    template: factors.template,
  }));
  return [...new Map(settings.map((setting) => [JSON.stringify(setting), setting])).values()];
}

function settingName({ template, shots }: Setting): Sentence {
  const rows = shots === null || shots === undefined ? say`all rows` : say`${shots} rows a class`;
  if (template === undefined) return rows;
  return template ? say`${rows}, template` : say`${rows}, no template`;
}

function at(results: readonly Result[], wanted: Partial<Factors>): Result[] {
  return results.filter(({ cell: { factors } }) =>
    Object.entries(wanted).every(([name, value]) => factors[name as keyof Factors] === value),
  );
}

/**
 * What adding something does, over all pairs of runs that differ in nothing else; a seed counts once.
 * @param partner factors of the run without it; null where there is none
 */
function effectOf(
  results: readonly Result[],
  partner: (factors: Factors) => Factors | null,
): { difference: number; interval: Score['interval'] } | null {
  const split = judgedSplit(results);
  const known = new Map(
    results.map((result) => [JSON.stringify(sorted(result.cell.factors)), scoresOn([result], split)[0]]),
  );
  const bySeed = new Map<number, number[]>();
  for (const result of results) {
    const other = partner(result.cell.factors);
    if (other === null) continue;
    const [own, without] = [scoresOn([result], split)[0], known.get(JSON.stringify(sorted(other))) ?? null];
    if (own === null || without === null) continue;
    const { seed } = result.cell.factors;
    bySeed.set(seed, [...(bySeed.get(seed) ?? []), own - without]);
  }
  const means = [...bySeed.values()].map(mean);
  return means.length === 0 ? null : { difference: mean(means), interval: studentInterval(means) };
}

function sorted(factors: Factors): [string, unknown][] {
  return Object.entries(factors).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The run that is the same but for one method; a set of one loses to the untuned model. */
function withoutMethod(type: string) {
  return (factors: Factors): Factors | null => {
    const parts = factors.method.split('+');
    if (!parts.includes(type)) return null;
    const rest = parts.filter((part) => part !== type);
    // What a first method gains over none is what tuning gains, not what this one adds to others.
    return rest.length === 0 ? null : { ...factors, method: rest.join('+') };
  };
}

const withoutTemplate = (factors: Factors): Factors | null =>
  factors.template === true && factors.method !== NO_METHOD ? { ...factors, template: false } : null;

function scoreTable(results: readonly Result[], metric: string): TableFigure {
  const settings = settingsOf(results);
  const split = judgedSplit(results);
  return {
    kind: 'table',
    id: 'scores',
    title: split === 'test' ? say`Test score of each combination` : say`Validation score of each combination`,
    note: say`Means over tasks and seeds, with Student's 95 % interval over seeds; none is the model as it came.`,
    columns: [say`Combination`, ...settings.map(settingName)],
    rows: valuesOf(results, 'method').map((method) => [
      shownMethod(method),
      ...settings.map((setting) => {
        const own = at(results, { ...setting, method });
        return scoreCell(metric, scoreOf(scoresBySeed(own, split)));
      }),
    ]),
  };
}

function effectTable(results: readonly Result[], metric: string): TableFigure {
  const shots = valuesOf(results, 'shots');
  const rows = [
    ...COMBINED.map((type) => ({ name: shownMethod(type), partner: withoutMethod(type) })),
    { name: say`template`, partner: withoutTemplate },
  ];
  return {
    kind: 'table',
    id: 'effects',
    title: say`What adding each one does`,
    note: say`Mean difference between runs that differ in nothing else, over every combination; of methods, to sets that have another already. Student's 95 % interval over seeds.`,
    columns: [say`Added`, ...shots.map((count) => settingName({ shots: count }))],
    rows: rows.map(({ name, partner }) => [
      name,
      ...shots.map((count) => intervalCell(metric, effectOf(at(results, { shots: count }), partner))),
    ]),
  };
}

function figures(results: readonly Result[]): Figure[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const split = judgedSplit(results);
  const charts = settingsOf(results).flatMap((setting, i): Figure[] => {
    const own = at(results, setting);
    const marks = valuesOf(own, 'method').flatMap((name) => {
      const score = scoreOf(scoresBySeed(at(own, { method: name }), split));
      return score === null ? [] : [{ name: shownMethod(name), mean: score.mean, interval: score.interval }];
    });
    if (marks.length === 0) return [];
    return [
      {
        kind: 'scores',
        id: `setting-${i + 1}`,
        title: say`Combinations: ${settingName(setting)}`,
        metric,
        marks,
      },
    ];
  });
  return [scoreTable(results, metric), effectTable(results, metric), ...charts];
}

function answer(results: readonly Result[]): Sentence[] {
  const metric = commonMetric(results);
  if (metric === null) return [];
  const effects = COMBINED.flatMap((type) => {
    const found = effectOf(results, withoutMethod(type));
    if (found === null) return [];
    const { difference, interval } = found;
    const by = signedDistance(metric, difference);
    if (interval === null)
      return [
        say`Adding ${named(type)} changes the score by ${by} on average; one seed cannot tell whether that is chance.`,
      ];
    if (interval[0] > 0 === interval[1] > 0)
      return [
        difference > 0
          ? say`Adding ${named(type)} helps: ${by} on average.`
          : say`Adding ${named(type)} harms: ${by} on average.`,
      ];
    return [say`Adding ${named(type)} makes no difference beyond chance: ${by} on average.`];
  });
  const zero = [false, true].map((template) =>
    scoreOf(scoresOn(at(results, { method: NO_METHOD, template }), judgedSplit(results))),
  );
  const [plain, templated] = zero;
  return [
    ...effects,
    ...(plain === null || templated === null
      ? []
      : [
          say`Untuned, the model scores ${scoreText(metric, plain.mean)} without and ${scoreText(metric, templated.mean)} with a template.`,
        ]),
  ];
}

export const combination: Experiment = {
  name: 'combination',
  title: say`Combination`,
  question: say`Does it help to combine prompt tuning, BitFit and adapters, and to put texts into a template?`,
  finding: say`Adding an adapter almost always helps and adding a prompt harms; BitFit helps on most backgrounds. Templates help where nothing or little is trained: 23.7 without and 43.4 with one, untuned, on average over eight tasks.`,
  view: say`Optimisation: the joint space holds each of the others, so a loss in score is one of search and not of what can be reached. Control: several controllers act on one system, and may act against each other.`,
  options: { shots: SHOTS, templates: [false, true] },
  cells,
  figures,
  answer,
};
