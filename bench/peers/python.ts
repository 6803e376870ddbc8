/** An engine in Python, as `Peer` is one in Node: lines of JSON to its input and from its output. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Answer {
  value?: unknown;
  error?: string;
}

export class PythonPeer {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private complaints = '';

  /** @param script a path; @param threads its `DELTA_THREADS` */
  constructor(python: string, script: string, threads: number) {
    this.child = spawn(python, [script], {
      env: { ...process.env, DELTA_THREADS: `${threads}` },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.on(
      'data',
      (chunk: Buffer) => (this.complaints = (this.complaints + chunk.toString()).slice(-2000)),
    );
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** One at a time. @throws Error for what Python raised, or when it has ended */
  async call(name: string, argument?: unknown): Promise<unknown> {
    this.child.stdin!.write(`${JSON.stringify({ name, argument })}\n`);
    const line = await this.answers.next();
    if (line.done) throw new Error(`Python has ended: ${this.complaints}`);
    const { value, error } = JSON.parse(line.value) as Answer;
    if (error !== undefined) throw new Error(`Python: ${error}`);
    return value;
  }

  close(): void {
    this.child.stdin!.end();
  }
}
