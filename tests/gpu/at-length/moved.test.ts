/** What began on a software GPU goes on on the processor, in the worker's engine and on the command line. */
import 'fake-indexeddb/auto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/runs/storage/database.ts';
import { RunStore } from '../../../src/runs/storage/run-store.ts';
import { english } from '../../../src/sentence.ts';
import { delta, deltaProcess, makeProject } from '../../support/cli.ts';
import { MemoryFiles } from '../../support/memory-files.ts';
import { napping } from '../../support/napping.ts';
import { eventsIn } from '../../support/run-folder.ts';
import { HEAD_ALONE, losses, openStored } from '../../support/stored-engine.ts';

napping();
const folder = mkdtempSync(path.join(tmpdir(), 'delta-moved-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a comparison goes on on another device, and says what that means', async () => {
  const store = new RunStore(await openDatabase('engine'), new MemoryFiles());
  const first = await openStored(store, 24, 'swiftshader');
  const stepped = first.next(
    (reply) => reply.type === 'events' && reply.events.some((e) => e.type === 'step'),
  );
  let idle = first.idle();
  const longer = { ...HEAD_ALONE, training: { ...HEAD_ALONE.training, steps: 30 } };
  const started = await first.ask({ type: 'start', spec: longer });
  expect(started).toMatchObject({ type: 'started' });
  await stepped;
  await first.engine.receive({ type: 'stop' });
  await idle;
  const id = started.type === 'started' ? started.comparison! : '';
  const begun = losses(first.events());
  expect(begun.length).toBeLessThan(30);

  const second = await openStored(store, 24, 'wasm');
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
  const third = await openStored(store, 24, 'wasm');
  idle = third.idle();
  expect(await third.ask({ type: 'start', spec: longer })).toMatchObject({ type: 'started' });
  await idle;
  losses(third.events()).forEach(([step, loss], i) => {
    expect(step).toBe(told[i][0]);
    expect(loss).toBeCloseTo(told[i][1], 3);
  });
}, 240_000);

it('a run of the command line is allowed to, and says so', async () => {
  makeProject(folder, {
    training: { steps: 40, batchSize: 4, evaluateEvery: 4, seed: 3, dropout: 0.1, metric: 'loss' },
  });
  const args = ['train', '--spec', 'spec.json', '--out'];
  expect((await delta([...args, 'whole'], folder)).status).toBe(0);
  await deltaProcess([...args, 'moved', '--adapter', 'swiftshader'], folder, {
    interruptAfter: /validation at step 12/,
    signal: 'SIGKILL',
  });
  const result = await delta(['train', '--resume', 'moved', '--adapter', 'wasm'], folder);
  expect(result.status, result.stderr).toBe(0);
  const note =
    /This began on SwiftShader .* and goes on on a processor \(wasm-[a-z-]+, Delta Studio .*\), whose/;
  expect(result.stderr).toMatch(new RegExp(`^Note: ${note.source}`, 'm'));
  const session = JSON.parse(readFileSync(path.join(folder, 'moved/session.json'), 'utf8')) as object;
  expect(session).toMatchObject({ notes: expect.arrayContaining([expect.stringMatching(note)]) as unknown });
  // Not the same bits, and the same training.
  const [moved, whole] = ['moved', 'whole'].map((out) => eventsIn(path.join(folder, out)));
  expect(moved.map(({ type }) => type)).toEqual(whole.map(({ type }) => type));
  losses(moved)
    .slice(0, 24)
    .forEach(([, loss], i) => expect(loss).toBeCloseTo(losses(whole)[i][1], 3));
}, 300_000);
