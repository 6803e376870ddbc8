/** `delta evaluate`: metrics of a finished run on a data file. */
import { buildDataset } from '../../src/data/dataset.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { evaluate } from '../../src/train/evaluate.ts';
import { reopenRun } from '../../src/train/reopen.ts';
import { logitTask } from '../../src/train/task.ts';
import { integerList, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadTable } from '../load.ts';
import { print, printJson } from '../output.ts';
import { loadBase, openRunFolder } from '../stored-run.ts';

export async function evaluateVerb({ flags, json }: Arguments): Promise<number> {
  const run = await openRunFolder(flags.run!);
  const { stored } = run;
  const { task } = stored.spec.model;
  const { columns } = stored;
  const { verbalizer } = stored.spec.data;
  const table = await loadTable(flags.data!, '.', '--data', [
    ...columns.text,
    ...[columns.label, columns.target].filter((name) => name !== undefined),
  ]);
  const dataset = buildDataset(table, {
    columns,
    task,
    split: 'test',
    verbalizer,
    labelSpace: stored.labels,
  });
  const batchSize = flags.batch === undefined ? undefined : integerList('batch', flags.batch)[0];
  const base = await loadBase(run);
  const metrics = await withStudio(flags.adapter, async (studio) => {
    const opened = await reopenRun(studio, stored, base, run.adapter, dataset, {
      batchSize,
      force: flags.force === true,
    });
    try {
      const { instance, data, shape, outputs } = opened;
      return (await evaluate(instance, data, shape, logitTask(stored.spec), outputs)).metrics;
    } finally {
      opened.instance.destroy();
    }
  });
  if (json) printJson({ run: flags.run, data: flags.data, rows: dataset.rows, metrics });
  else {
    const values = Object.entries(metrics).map(([name, value]) => `${name} ${shortNumber(value)}`);
    print(`${dataset.rows} rows: ${values.join(', ')}`);
  }
  return 0;
}
