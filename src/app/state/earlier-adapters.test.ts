import { describe, expect, it } from 'vitest';
import { storedComparison } from '../../../tests/support/stored.ts';
import { waitingRun } from '../../runs/storage/stored.ts';
import { earlierAdapters } from './earlier-adapters.ts';

const METHODS = ['adapter', 'prompt', 'ptuning', 'lora'];

/** A comparison of which all runs but those named left an adapter. */
function entry(id: string, without: readonly string[] = []) {
  const comparison = storedComparison(id, undefined, METHODS);
  const runs = comparison.runs.map(({ run }) => ({
    ...waitingRun(id, run),
    adapter: without.includes(run) ? null : { step: 3, files: [{ name: 'adapter_config.json', bytes: 2 }] },
  }));
  return { id, comparison, runs };
}

const source = 'builtin:bert';
const found = (
  type: 'fusion' | 'ipt' | 'prompt' | 'lora',
  place: 'adapters' | 'prompts' | 'init',
  from = source,
) =>
  earlierAdapters([entry('one'), entry('two', ['adapter', 'lora'])], { type, place, source: from }).map(
    ({ entry: { comparison }, run }) => `${comparison.id}/${run}`,
  );

describe('runs of the history for a method’s card', () => {
  it('are those of methods whose adapters fit, which left one', () => {
    expect(found('fusion', 'adapters')).toEqual(['one/adapter']);
    expect(found('ipt', 'prompts')).toEqual(['one/prompt', 'one/ptuning', 'two/prompt', 'two/ptuning']);
    expect(found('prompt', 'init')).toEqual(['one/prompt', 'one/ptuning', 'two/prompt', 'two/ptuning']);
    expect(found('lora', 'init')).toEqual(['one/lora']);
  });

  it('are of the model that is open', () => {
    expect(found('fusion', 'adapters', 'builtin:t5')).toEqual([]);
  });

  it('are told apart by the comparison’s name and the run’s; what cannot be read is none', () => {
    const damaged = { id: 'x', comparison: { id: 'x' }, runs: [] };
    const labels = earlierAdapters([damaged, entry('one')], { type: 'fusion', place: 'adapters', source });
    expect(labels.map(({ label }) => label)).toEqual(['films: adapter']);
  });
});
