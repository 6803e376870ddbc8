/** The whole comparison as one HTML page, the same one that `delta compare` writes. */
import type { Artifact, NamedFile } from '../../protocol/messages.ts';
import type { RunRecord } from '../../runs/record.ts';
import { reportHtml } from '../../runs/report.ts';
import type { RunEvent } from '../../train/events.ts';

type Export = (run: string, artifact: Artifact) => Promise<{ files: readonly NamedFile[] }>;

/**
 * @param runs keys of the runs, in their order
 * @param exportRun gives a run's record and events as they are downloaded
 */
export async function reportPage(runs: readonly string[], exportRun: Export): Promise<string> {
  const textOf = async (run: string, artifact: Artifact): Promise<string> => {
    const { files } = await exportRun(run, artifact);
    return new TextDecoder().decode(files[0].bytes);
  };
  const reported = [];
  for (const key of runs) {
    const record = JSON.parse(await textOf(key, 'record')) as RunRecord;
    const lines = (await textOf(key, 'metrics')).split('\n').filter((line) => line !== '');
    const events = lines.map((line) => JSON.parse(line) as RunEvent);
    reported.push({ key, record, events });
  }
  const [{ record }] = reported;
  const { name, created, environment } = record;
  return reportHtml(
    reported.map(({ key, record: { spec, summary }, events }) => ({ key, spec, summary, events })),
    { name, created, environment },
  );
}
