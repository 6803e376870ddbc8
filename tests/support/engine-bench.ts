/** The worker's engine driven by messages, without a browser. */
import type { Busy } from '../../src/protocol/life.ts';
import type { Reply, Request } from '../../src/protocol/messages.ts';
import { Engine, type EngineOptions } from '../../src/worker/engine.ts';
import { openNodeDevice } from './node-device.ts';

/** An engine and what it has posted. */
export class Bench {
  readonly replies: Reply[] = [];
  /** What it said to be at. */
  readonly busy: (Busy | null)[] = [];
  readonly engine: Engine;
  readonly #waiting: { match: (reply: Reply) => boolean; resolve: (reply: Reply) => void }[] = [];
  #id = 0;

  /** @param options what else the engine has */
  constructor(options: Partial<EngineOptions> = {}) {
    this.engine = new Engine({
      ...options,
      openDevice: openNodeDevice,
      runtime: 'test',
      post: (reply) => {
        // Signs of life, which nobody waits for here.
        if (reply.type === 'busy') return void this.busy.push(reply.what);
        this.replies.push(reply);
        for (const { match, resolve } of this.#waiting) if (match(reply)) resolve(reply);
      },
    });
  }

  /** The first reply from now on that a test accepts. */
  next(match: (reply: Reply) => boolean): Promise<Reply> {
    return new Promise((resolve) => this.#waiting.push({ match, resolve }));
  }

  async ask<Type extends Reply['type']>(
    type: Type,
    request: Omit<Extract<Request, { id: number }>, 'id'> & Record<string, unknown>,
  ): Promise<Extract<Reply, { type: Type }>> {
    const id = ++this.#id;
    const answer = this.next((reply) => 'id' in reply && reply.id === id);
    await this.engine.receive({ ...request, id } as unknown as Request);
    const reply = await answer;
    if (reply.type !== type) throw new Error(`got ${JSON.stringify(reply)}`);
    return reply as Extract<Reply, { type: Type }>;
  }

  /** The sentence with which a request is refused. */
  async refusal(request: Parameters<Bench['ask']>[1]): Promise<string> {
    return (await this.ask('error', request)).message;
  }
}
