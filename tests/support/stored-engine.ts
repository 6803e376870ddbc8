/** An engine that keeps what it trains, on a small table of its own: see tests/worker/history.test.ts. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Reply, Request } from '../../src/protocol/messages.ts';
import type { SpecInput } from '../../src/runs/spec.ts';
import type { RunStore } from '../../src/runs/storage/run-store.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { Engine } from '../../src/worker/engine.ts';
import { openNodeDevice } from './node-device.ts';

const MODEL = path.join(import.meta.dirname, '../../public/models/bert-l4-h128');
/** A comparison of one method that is soon trained. */
export const HEAD_ALONE: SpecInput = {
  model: { source: 'bert', task: 'classification' },
  data: {
    train: 'train.tsv',
    validation: 'dev.tsv',
    columns: { text: ['text'], label: 'label' },
    maxLength: 16,
  },
  training: { steps: 6, batchSize: 4, evaluateEvery: 2 },
  compare: [{ method: { type: 'head' } }],
};

function table(name: string, rows: number): File {
  const lines = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? `fine ${i}\tgood` : `dull ${i}\tbad`));
  return new File([['text\tlabel', ...lines, ''].join('\n')], name);
}

/** An engine with model and data, as a page that was just opened has it. */
export async function openStored(store: RunStore, rows = 24, adapter?: string) {
  const replies: Reply[] = [];
  const waiting: { match: (reply: Reply) => boolean; resolve: (reply: Reply) => void }[] = [];
  const engine = new Engine({
    openDevice: openNodeDevice,
    runtime: 'test',
    post: (reply) => {
      replies.push(reply);
      for (const { match, resolve } of waiting) if (match(reply)) resolve(reply);
    },
    openStore: () => Promise.resolve(store),
  });
  const next = (match: (reply: Reply) => boolean) =>
    new Promise<Reply>((resolve) => waiting.push({ match, resolve }));
  let id = 0;
  const ask = async (request: object): Promise<Reply> => {
    const mine = ++id;
    const answer = next((reply) => 'id' in reply && reply.id === mine);
    await engine.receive({ ...request, id: mine } as Request);
    return answer;
  };
  const idle = () => next((reply) => reply.type === 'state' && reply.state === 'idle');
  const device = adapter === undefined ? {} : { adapter };
  await engine.receive({ type: 'open', base: 'http://localhost/', device });
  const folder = readdirSync(MODEL).map((name) => ({
    path: name,
    file: new File([readFileSync(path.join(MODEL, name))], name),
  }));
  await ask({ type: 'loadModel', source: { kind: 'files', name: 'bert', files: folder } });
  const source = { kind: 'files', train: table('train.tsv', rows), validation: table('dev.tsv', 8) };
  await ask({ type: 'loadData', source, task: null, columns: null });
  const events = (): RunEvent[] => replies.flatMap((reply) => (reply.type === 'events' ? reply.events : []));
  return { engine, replies, ask, idle, next, events };
}

/** Step and loss of each step. */
export const losses = (events: readonly RunEvent[]): [number, number][] =>
  events.flatMap((event): [number, number][] => (event.type === 'step' ? [[event.step, event.loss]] : []));
