/** The engine and its store: what a comparison leaves, and going on after the engine is gone. */
import { english } from '../../src/sentence.ts';
import 'fake-indexeddb/auto';
import { beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/runs/storage/database.ts';
import { readEntry } from '../../src/runs/storage/entry.ts';
import { RunStore } from '../../src/runs/storage/run-store.ts';
import { MemoryFiles } from '../support/memory-files.ts';
import { HEAD_ALONE as spec, losses, openStored } from '../support/stored-engine.ts';

const files = new MemoryFiles();
let store: RunStore;
const openEngine = (rows?: number) => openStored(store, rows);

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
