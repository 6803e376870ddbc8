import { describe, expect, it } from 'vitest';
import { readTable } from '../data/table/read-table.ts';
import { guessReading } from './guess-reading.ts';

const rows = (header: string, row: (i: number) => string) =>
  readTable([header, ...Array.from({ length: 12 }, (_, i) => row(i)), ''].join('\n'), 'rows.tsv');

describe('guessReading', () => {
  const pairs = rows('source\ttarget', (i) => `facts ${i}\tA sentence ${i}.`);
  const labelled = rows('sentence\tlabel', (i) => `a film ${i}\t${i % 2}`);

  it('looks for texts to write where the model writes', () => {
    expect(guessReading(pairs, ['text2text'])).toEqual({
      task: 'text2text',
      columns: { text: ['source'], target: 'target' },
    });
  });

  it('takes classes where the table has no texts to write', () => {
    const read = { task: 'text2text', columns: { text: ['sentence'], label: 'label' } };
    expect(guessReading(labelled, ['text2text'])).toEqual(read);
    const first = rows('label\tsentence', (i) => `${i % 2}\ta film ${i}`);
    expect(guessReading(first, ['text2text'])).toEqual(read);
  });

  it('prefers a named target to a topic beside it', () => {
    const topics = rows('topic\tarticle\tsummary', (i) => `${i % 3}\tlong text ${i}\tshort ${i}`);
    expect(guessReading(topics, ['text2text']).columns).toEqual({ text: ['article'], target: 'summary' });
  });

  it('takes columns without telling names by their places', () => {
    const plain = rows('a\tb', (i) => `words in number ${i}\tother words ${i}`);
    expect(guessReading(plain, ['text2text']).columns).toEqual({ text: ['a'], target: 'b' });
  });

  it('asks an encoder for classes or numbers', () => {
    expect(guessReading(labelled, ['classification', 'regression']).task).toBe('classification');
    const scored = rows('sentence\tscore', (i) => `a film ${i}\t${i / 10}`);
    expect(guessReading(scored, [])).toEqual({
      task: 'regression',
      columns: { text: ['sentence'], label: 'score' },
    });
  });
});
