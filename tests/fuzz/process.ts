/** Processes that read inputs, watched from outside: one that hangs or fills the memory ends alone. */
import { spawn } from 'node:child_process';
import { bundled } from '../support/bundle.ts';
import { packed, type Order, type Report } from './orders.ts';
import type { Finding } from './judge.ts';
import type { Files } from './reader.ts';

/** Time without a word after which a process is taken to hang, in milliseconds. */
const SILENCE = 20_000;
/** Before its first word everything is compiled, which on a busy machine takes minutes. */
const START = 600_000;
/** A process may hold more than an input is allowed, so that the excess is seen and not its end. */
const HEAP = 1500;

type Ended = { kind: 'done' } | { kind: 'hang' | 'crash'; at: number; detail: string };

/** Runs a process to its end, its reports as they come. */
export async function run(order: Order, hear: (report: Report) => void): Promise<Ended> {
  const script = await bundled('tests/fuzz/child.ts');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', `--max-old-space-size=${HEAP}`, script], {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    let at = -1;
    let done = false;
    let hung = false;
    let errors = '';
    let rest = '';
    let timer = setTimeout(end, START);
    function end(): void {
      hung = true;
      child.kill('SIGKILL');
    }
    child.stderr!.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-3000)));
    child.stdio[3]!.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(end, SILENCE);
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const report = JSON.parse(line) as Report;
        if ('at' in report) at = report.at;
        else if ('done' in report) done = true;
        hear(report);
      }
    });
    child.stdin!.end(JSON.stringify(order));
    child.on('close', () => {
      clearTimeout(timer);
      if (done) resolve({ kind: 'done' });
      else if (hung) resolve({ kind: 'hang', at, detail: `no word for ${SILENCE / 1000} s` });
      else resolve({ kind: 'crash', at, detail: errors });
    });
  });
}

/** Reads one input in a process of its own. */
export async function tryAlone(reader: string, files: Files): Promise<Finding | null> {
  let finding: Finding | null = null;
  const ended = await run({ reader, files: packed(files) }, (report) => {
    if ('finding' in report) finding ??= { kind: report.kind, detail: report.detail };
  });
  return ended.kind === 'done' ? finding : { kind: ended.kind, detail: ended.detail };
}
