import { describe, expect, it } from 'vitest';
import { guessColumns } from './guess-columns.ts';
import { readTable } from './table/read-table.ts';

describe('guessColumns', () => {
  const cases: [name: string, content: string, text: string[], label: string][] = [
    ['named', 'sentence\tlabel\na fine day\t1\na bad day\t0\n', ['sentence'], 'label'],
    ['in another order', 'Label\tid\tText\n1\t7\tfine\n0\t8\tbad\n', ['Text'], 'Label'],
    [
      'two texts',
      'index\tsentence1\tsentence2\tscore\n0\ta b\tc d\t1.5\n1\te f\tg h\t2.5\n',
      ['sentence1', 'sentence2'],
      'score',
    ],
    [
      'by content',
      'a\tb\tc\n3\tthe longest text of all\tyes\n4\tanother text that is long\tno\n5\tand one more of them\tyes\n',
      ['b'],
      'c',
    ],
    [
      'by content where a name misleads',
      `summary\ttarget\tstars\n${Array.from({ length: 30 }, (_, i) => `a rather long text number ${i}\tsentence ${i}\t${'*'.repeat(1 + (i % 3))}\n`).join('')}`,
      ['summary'],
      'stars',
    ],
  ];
  it.each(cases)('%s', (_, content, text, label) => {
    expect(guessColumns(readTable(content, 'rows.tsv'))).toEqual({ text, label });
  });

  it('keeps what is given', () => {
    const table = readTable(
      'x\ty\tlabel\nlong enough a text\tshort\t1\nlong enough b text\tshirt\t0\n',
      'rows.tsv',
    );
    expect(guessColumns(table, { text: ['y'] })).toEqual({ text: ['y'], label: 'label' });
  });

  it('says so when it cannot tell', () => {
    const table = readTable(
      'id\tbody\n1\tone long text here\n2\tanother long text\n3\tand a third one\n',
      'rows.tsv',
    );
    expect(() => guessColumns(table)).toThrow(
      /which column holds the label; set data.columns.label to one of "id", "body"/,
    );
  });
});
