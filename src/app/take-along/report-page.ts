/** The whole comparison as one HTML page, the same one that `delta compare` writes. */
import type { ComparedRun } from '../../evidence/compared-runs.ts';
import { judge, judgeTasks } from '../../evidence/comparison-summary.ts';
import type { Language } from '../../evidence/report/bilingual.ts';
import { reportHtml } from '../../evidence/report/report.ts';
import type { Artifact, NamedFile } from '../../protocol/messages.ts';
import type { RunRecord } from '../../runs/record.ts';
import { runName } from '../../runs/spec.ts';
import type { RunEvent } from '../../train/events.ts';
import { said } from '../i18n/said.ts';

type Export = (run: string, artifact: Artifact) => Promise<{ files: readonly NamedFile[] }>;

/** A run, and the bytes of its adapter's files; null where it left none. */
interface Left {
  key: string;
  adapterBytes: number | null;
}

/**
 * @param runs in their order
 * @param exportRun gives a run's record and events as they are downloaded
 * @param asked.language that the page opens in
 * @param asked.baseline as the spec has it
 * @param asked.forecast seconds that one run of each method was said to take, by its name
 */
export async function reportPage(
  runs: readonly Left[],
  exportRun: Export,
  asked: { language: Language; baseline?: string; forecast?: Readonly<Record<string, number>> },
): Promise<string> {
  const { language, baseline, forecast = {} } = asked;
  const textOf = async (run: string, artifact: Artifact): Promise<string> => {
    const { files } = await exportRun(run, artifact);
    return new TextDecoder().decode(files[0].bytes);
  };
  const records: RunRecord[] = [];
  const compared: ComparedRun[] = [];
  for (const { key, adapterBytes } of runs) {
    const record = JSON.parse(await textOf(key, 'record')) as RunRecord;
    const lines = (await textOf(key, 'metrics')).split('\n').filter((line) => line !== '');
    const events = lines.map((line) => JSON.parse(line) as RunEvent);
    const { spec, summary, labels, tasks } = record;
    records.push(record);
    compared.push({
      key,
      spec,
      summary,
      events,
      classNames: labels?.names ?? null,
      ...(tasks && { taskClasses: tasks.map((task) => task.labels?.names ?? null) }),
      adapterBytes,
      forecastSeconds: forecast[runName({ key })] ?? null,
    });
  }
  const [{ name, created, environment }] = records;
  const judged = judge(compared, { baseline });
  const tasks = judgeTasks(compared, { baseline });
  return reportHtml(compared, judged, { name, created, environment, tasks, language, said });
}
