/** `delta evaluate`: metrics of a finished run on a data file. */
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { taskRun } from '../../src/runs/record.ts';
import { metricIntervals } from '../../src/evidence/metric-intervals.ts';
import { evaluateTexts } from '../../src/train/evaluate-texts.ts';
import { evaluate } from '../../src/train/evaluate.ts';
import { classReport } from '../../src/train/metrics/report/report.ts';
import { reopenRun } from '../../src/train/reopen.ts';
import { logitTask } from '../../src/train/task.ts';
import { TextGenerator } from '../../src/train/text-generator.ts';
import { integerList, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { print, printJson } from '../output.ts';
import { rowsForRun } from '../run-rows.ts';
import { loadBase, openRunFolder } from '../stored-run.ts';

export async function evaluateVerb({ flags, json }: Arguments): Promise<number> {
  const run = await openRunFolder(flags.run!);
  const stored = taskRun(run.stored, flags.task);
  const { task } = stored.spec.model;
  const { verbalizer } = stored.spec.data;
  const dataset = await rowsForRun(stored, flags.data!);
  const temperature = stored.answers?.temperature ?? null;
  const batchSize = flags.batch === undefined ? undefined : integerList('batch', flags.batch)[0];
  const base = await loadBase(run);
  const { metrics, intervals, report } = await withStudio(flags, async (studio) => {
    const opened = await reopenRun(studio, stored, base, run.adapter, dataset, {
      batchSize,
      force: flags.force === true,
    });
    try {
      const { instance, data, shape, outputs, tokenizer, source } = opened;
      if (task !== 'text2text') {
        const found = await evaluate(instance, data, shape, logitTask(stored.spec), outputs);
        const { logits, metrics: scores } = found;
        const about = [logitTask(stored.spec), logits, data.labels, outputs] as const;
        const names = dataset.labelSpace?.names;
        return {
          metrics: scores,
          intervals: metricIntervals(...about, stored.spec.training.seed),
          report: names ? classReport(logits, data.labels, names, temperature) : null,
        };
      }
      const settings = { ...stored.spec.generation!, batchSize: shape.batchSize };
      const generator = new TextGenerator(studio, source, data, tokenizer, settings);
      try {
        const found = await evaluateTexts(instance, data, shape, {
          verbalizer,
          tokenizer,
          rows: data.rows,
          generate: (rows) => generator.generate(rows),
          seed: stored.spec.training.seed,
        });
        const { metrics: scores, intervals: spread, logits } = found;
        const names = dataset.labelSpace?.names;
        if (!names || logits.length === 0) return { metrics: scores, intervals: spread, report: null };
        const ranked = metricIntervals(
          'classification',
          logits,
          data.labels,
          names.length,
          stored.spec.training.seed,
        );
        return {
          metrics: scores,
          intervals: { ...ranked, ...spread },
          report: classReport(logits, data.labels, names, temperature),
        };
      } finally {
        generator.destroy();
      }
    } finally {
      opened.instance.destroy();
    }
  });
  if (json) {
    const found = { ...(Object.keys(intervals).length > 0 && { intervals }), ...(report && { report }) };
    printJson({ run: flags.run, data: flags.data, rows: dataset.rows, metrics, ...found });
  } else {
    const values = Object.entries(metrics).map(([name, value]) => `${name} ${shortNumber(value)}`);
    print(`${dataset.rows} rows: ${values.join(', ')}`);
  }
  return 0;
}
