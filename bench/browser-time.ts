/** What a browser that this process drives takes of the processor, on Linux. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of the kernel's clock, as all Linux distributions set it. */
const TICKS_A_SECOND = 100;

/** Processor seconds by the name of the thread, of what this process has started and of what that has. */
export function processorSeconds(): Map<string, number> {
  const fieldsOf = (file: string): { name: string; fields: string[] } | null => {
    try {
      // The name, in parentheses, may hold spaces.
      const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(file, 'utf8'))!;
      return { name, fields: rest.split(' ') };
    } catch {
      return null; // It has ended meanwhile.
    }
  };
  const numbers = (folder: string): string[] => readdirSync(folder).filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    numbers('/proc').map((pid) => [Number(pid), Number(fieldsOf(`/proc/${pid}/stat`)?.fields[1] ?? 0)]),
  );
  const ours = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === process.pid || ours(parents.get(pid)));
  const seconds = new Map<string, number>();
  for (const pid of parents.keys()) {
    if (pid === process.pid || !ours(pid) || fieldsOf(`/proc/${pid}/stat`) === null) continue;
    for (const thread of numbers(`/proc/${pid}/task`)) {
      const read = fieldsOf(`/proc/${pid}/task/${thread}/stat`);
      if (read === null) continue;
      const spent = (Number(read.fields[11]) + Number(read.fields[12])) / TICKS_A_SECOND;
      seconds.set(read.name, (seconds.get(read.name) ?? 0) + spent);
    }
  }
  return seconds;
}

/** All of it, and the threads that took most. */
export function spentSince(before: ReadonlyMap<string, number>): string {
  const spent = [...processorSeconds()].map(
    ([name, seconds]) => [name, seconds - (before.get(name) ?? 0)] as const,
  );
  const total = spent.reduce((sum, [, seconds]) => sum + seconds, 0);
  const most = spent.toSorted((a, b) => b[1] - a[1]).slice(0, 5);
  return `${total.toFixed(1)} s of processor: ${most.map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`).join(', ')}`;
}
