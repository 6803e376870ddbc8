/**
 * Every engine runs in a process of its own, so that none disturbs the other's device, and answers calls over
 * Node's IPC. One measures at a time; between calls a process is idle.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Calls an engine answers, by name. */
export type Calls = Record<string, (argument: never) => unknown>;

interface Request {
  id: number;
  name: string;
  argument: unknown;
}

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

/** In the child: answer calls one after the other until told to close. */
export function serve(calls: Calls): void {
  let turn = Promise.resolve();
  process.on('message', (request: Request) => {
    turn = turn.then(async () => {
      const reply: Reply = { id: request.id };
      try {
        const call = calls[request.name] as ((argument: unknown) => unknown) | undefined;
        if (!call) throw new Error(`internal: no call ${request.name}`);
        reply.value = await call(request.argument);
      } catch (error) {
        reply.error = error instanceof Error ? (error.stack ?? error.message) : String(error);
      }
      process.send!(reply);
    });
  });
  // Without this a device that is still open would keep the process.
  process.on('disconnect', () => process.exit(0));
}

type Argument<C extends Calls, Name extends keyof C> = Parameters<C[Name]>[0];
type Result<C extends Calls, Name extends keyof C> = Awaited<ReturnType<C[Name]>>;

/** In the parent: an engine's process. */
export class Peer<C extends Calls> {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private count = 0;

  /** @param file of the engine, as a URL; @param adapter its `DELTA_ADAPTER` */
  constructor(file: URL, adapter: string) {
    this.child = fork(fileURLToPath(file), {
      env: { ...process.env, DELTA_ADAPTER: adapter },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    // Mesa and TensorFlow.js greet with warnings that say nothing about the measurement.
    let complaints = '';
    this.child.stderr!.on(
      'data',
      (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)),
    );
    this.child.on('message', ({ id, value, error }: Reply) => {
      const call = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) call?.resolve(value as never);
      else call?.reject(new Error(error));
    });
    this.child.on('exit', (status) => {
      const reason = new Error(
        `the process of ${file.pathname} ended (${status ?? 'killed'}): ${complaints}`,
      );
      for (const { reject } of this.waiting.values()) reject(reason);
      this.waiting.clear();
    });
  }

  call<Name extends keyof C & string>(name: Name, argument: Argument<C, Name>): Promise<Result<C, Name>> {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, name, argument } satisfies Request);
    });
  }

  close(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
