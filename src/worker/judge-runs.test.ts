import { expect, it } from 'vitest';
import { recordedComparison } from '../../scripts/recorded-comparisons.ts';
import { readArchive } from '../runs/archive.ts';
import { judgedStored } from './judge-runs.ts';

it('judges a stored comparison from its records: by the runs that have ended, with the times that were forecast', async () => {
  const { comparison, runs } = readArchive(await recordedComparison('winner'), 'winner.zip', 'winner');
  const states = runs.map(({ state }) => state);
  const eventsOf = (run: string) => runs.find(({ state }) => state.run === run)!.events;
  const whole = { events: async (_: string, run: string) => eventsOf(run) };
  const judged = (await judgedStored(whole, { comparison, runs: states }))!;
  expect(judged.verdict).toMatchObject({ code: 'winner', take: 'full' });
  expect(judged.summary).toMatchObject({ judgedOn: 'test', baseline: 'full' });
  expect(
    judged.summary.methods.map(({ name, seeds, forecastSeconds }) => [name, seeds.length, forecastSeconds]),
  ).toEqual([
    ['full', 6, 18],
    ['lora', 6, 8],
    ['prompt', 6, 7.5],
    ['head', 6, 5.5],
  ]);

  // Six seeds are resampled in a moment; one seed by its rows, which may be many.
  let words = 0;
  const first = runs.filter(({ state }) => state.run.endsWith('seed-1')).map(({ state }) => state);
  await judgedStored(whole, { comparison, runs: first }, () => void words++);
  expect(words).toBeGreaterThanOrEqual(10_000 * first.length);

  // A run that has not ended is none of them.
  const cut = {
    events: async (_: string, run: string) =>
      run === 'lora/seed-3' ? eventsOf(run).slice(0, 9) : eventsOf(run),
  };
  const partly = (await judgedStored(cut, { comparison, runs: states }))!;
  expect(partly.summary.methods[1].seeds).toEqual([1, 2, 4, 5, 6]);
  expect(await judgedStored({ events: async () => [] }, { comparison, runs: states })).toBeNull();
});
