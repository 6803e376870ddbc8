/** The engine and its store: what a comparison leaves, and going on after the engine is gone. */
import { english } from '../../src/sentence.ts';
import 'fake-indexeddb/auto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Reply, Request } from '../../src/protocol/messages.ts';
import type { SpecInput } from '../../src/runs/spec.ts';
import { openDatabase } from '../../src/runs/storage/database.ts';
import { readEntry } from '../../src/runs/storage/entry.ts';
import { RunStore } from '../../src/runs/storage/run-store.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { Engine } from '../../src/worker/engine.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { napping } from '../support/napping.ts';
import { openNodeDevice } from '../support/node-device.ts';

const MODEL = path.join(import.meta.dirname, '../../public/models/bert-l4-h128');
const files = new MemoryFiles();
let store: RunStore;

const spec: SpecInput = {
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
async function openEngine(rows = 24, adapter?: string) {
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

const losses = (events: readonly RunEvent[]): [number, number][] =>
  events.flatMap((event): [number, number][] => (event.type === 'step' ? [[event.step, event.loss]] : []));

napping();
beforeAll(async () => {
  store = new RunStore(await openDatabase('engine'), files);
});

it('keeps a comparison, and another engine goes on with it to the same end', async () => {
  const first = await openEngine();
  let idle = first.idle();
  await first.ask({ type: 'start', spec });
  await idle;
  const [whole] = (await store.list()).map(readEntry);
  expect(whole.runs[0]).toMatchObject({
    phase: 'completed',
    checkpoint: null,
    summary: { reason: 'completed', steps: 6 },
    adapter: { files: [{ name: 'delta_config.json' }, { name: 'model.safetensors' }] },
  });
  expect(await store.predictions(whole.comparison.id, 'head')).toMatchObject({ logits: { length: 16 } });
  expect(await store.events(whole.comparison.id, 'head')).toEqual(first.events());

  // Stopped on the way: its state is kept.
  const stepped = first.next(
    (reply) => reply.type === 'events' && reply.events.some((e) => e.type === 'step'),
  );
  idle = first.idle();
  const started = await first.ask({
    type: 'start',
    spec: { ...spec, training: { ...spec.training, steps: 30 } },
  });
  expect(started).toMatchObject({ type: 'started' });
  await stepped;
  await first.engine.receive({ type: 'stop' });
  await idle;
  const [half] = (await store.list()).map(readEntry);
  const { id } = half.comparison;
  expect(half.runs[0].phase).toBe('stopped');
  const kept = half.runs[0].checkpoint!;
  expect(kept.step).toBeGreaterThan(0);

  // In another page: other rows are refused, the same ones go on where it stopped.
  const other = await openEngine(30);
  expect(await other.ask({ type: 'continue', comparison: id })).toMatchObject({
    type: 'error',
    message:
      'This comparison was trained on train.tsv and dev.tsv, and other rows are loaded; choose that under Data, then try again.',
  });
  const second = await openEngine();
  idle = second.idle();
  expect(await second.ask({ type: 'continue', comparison: id })).toMatchObject({ comparison: id });
  await idle;
  const told = losses(second.events());
  expect(told.map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(second.events().filter(({ type }) => type === 'start')).toHaveLength(1);
  expect(second.events().at(-1)).toMatchObject({ type: 'end', reason: 'completed', step: 30 });
  expect(await store.events(id, 'head')).toEqual(second.events());
  const state = (await store.get(id)).runs[0];
  expect(state).toMatchObject({ phase: 'completed', checkpoint: null });

  // Opened as it was left: the files are those of the run.
  const third = await openEngine();
  expect(await third.ask({ type: 'adopt', comparison: id })).toMatchObject({ type: 'adopted' });
  const adapter = await third.ask({ type: 'export', run: 'head', artifact: 'adapter' });
  expect(adapter).toMatchObject({ type: 'files', files: await store.adapter(state) });
}, 240_000);

it('goes on with a comparison on another device, and says what that means', async () => {
  const first = await openEngine(24, 'swiftshader');
  const stepped = first.next(
    (reply) => reply.type === 'events' && reply.events.some((e) => e.type === 'step'),
  );
  let idle = first.idle();
  const longer = { ...spec, training: { ...spec.training, steps: 30 } };
  const started = await first.ask({ type: 'start', spec: longer });
  expect(started).toMatchObject({ type: 'started' });
  await stepped;
  await first.engine.receive({ type: 'stop' });
  await idle;
  const id = started.type === 'started' ? started.comparison! : '';
  const begun = losses(first.events());
  expect(begun.length).toBeLessThan(30);

  const second = await openEngine(24, 'wasm');
  idle = second.idle();
  const goesOn = await second.ask({ type: 'continue', comparison: id });
  expect(goesOn).toMatchObject({ type: 'started' });
  await idle;
  const notes = goesOn.type === 'started' ? goesOn.notes.map(english) : [];
  expect(notes[0]).toMatch(
    /^This began on SwiftShader .* and goes on on a processor \(wasm-.*, whose numbers differ in their last digits\.$/,
  );
  const told = losses(second.events());
  expect(told.slice(0, begun.length)).toEqual(begun);
  expect(told).toHaveLength(30);
  expect(second.events().at(-1)).toMatchObject({ type: 'end', reason: 'completed', step: 30 });

  // The whole of it on the processor: the same training, not the same bits.
  const third = await openEngine(24, 'wasm');
  idle = third.idle();
  expect(await third.ask({ type: 'start', spec: longer })).toMatchObject({ type: 'started' });
  await idle;
  losses(third.events()).forEach(([step, loss], i) => {
    expect(step).toBe(told[i][0]);
    expect(loss).toBeCloseTo(told[i][1], 3);
  });
}, 240_000);

it('says once that storage is full, and trains to the end all the same', async () => {
  const engine = await openEngine();
  files.refusal = new DOMException('full', 'QuotaExceededError');
  const idle = engine.idle();
  await engine.ask({ type: 'start', spec });
  await idle;
  files.refusal = null;
  const said = engine.replies.flatMap((reply) => (reply.type === 'storage' ? [reply.problem] : []));
  expect(said.filter((problem) => problem && english(problem).includes('storage is full'))).not.toEqual([]);
  expect(engine.events().at(-1)).toMatchObject({ type: 'end', reason: 'completed' });
  const adapter = await engine.ask({ type: 'export', run: 'head', artifact: 'adapter' });
  expect(adapter).toMatchObject({ type: 'files', files: { length: 2 } });
}, 120_000);
