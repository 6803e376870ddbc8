import { describe, expect, it } from 'vitest';
import type { StudioError } from '../errors.ts';
import { guessColumns } from './guess-columns.ts';
import { readTable } from './table/read-table.ts';

describe('guessColumns', () => {
  const cases: [name: string, content: string, text: string[], label: string][] = [
    ['named', 'sentence\tlabel\na fine day\t1\na bad day\t0\n', ['sentence'], 'label'],
    [
      'named in Chinese',
      '编号\t评论内容\t情感标签\n7\t很好\t好评\n8\t不好\t差评\n',
      ['评论内容'],
      '情感标签',
    ],
    [
      'two texts named in Chinese',
      '句子1\t句子2\t标签\n天晴\t天气好\t1\n下雨\t天晴\t0\n',
      ['句子1', '句子2'],
      '标签',
    ],
    [
      'by content where the only other words are dates',
      `am\tspruch\tart\n${Array.from({ length: 30 }, (_, i) => `2024/${1 + (i % 12)}/${1 + (i % 28)}\tguter Tag ${i}\t${'ab'[i % 2]}\n`).join('')}`,
      ['spruch'],
      'art',
    ],
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
    [
      'one column of measured numbers beside texts',
      `description\tstars\n${Array.from({ length: 30 }, (_, i) => `a long text number ${i}\t${(i / 7).toFixed(2)}\n`).join('')}`,
      ['description'],
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

  it('asks, with the columns that it may be and what is known of the others', () => {
    const asked = (content: string, given?: Parameters<typeof guessColumns>[1]): unknown => {
      try {
        return guessColumns(readTable(content, 'rows.tsv'), given);
      } catch (error) {
        return (error as StudioError).question;
      }
    };
    const rows = Array.from(
      { length: 12 },
      (_, i) => `a remark no. ${i}\ta reply no. ${i}\t${i % 3}\t${i % 2}\n`,
    );
    const talk = `remark\treply\ttone\tshade\n${rows.join('')}`;
    expect(asked(talk)).toEqual({ kind: 'column', what: 'label', candidates: ['tone', 'shade'], known: {} });
    expect(asked(talk, { label: 'shade' })).toEqual({
      kind: 'column',
      what: 'text',
      candidates: ['remark', 'reply'],
      known: { label: 'shade' },
    });
    expect(asked(talk, { label: 'shade', text: ['reply'] })).toEqual({ text: ['reply'], label: 'shade' });
    const news = Array.from(
      { length: 12 },
      (_, i) => `News ${i}\tWhat has come about this time ${i}\t${i % 2}\n`,
    );
    expect(asked(`title\tdetails\tlabel\n${news.join('')}`)).toMatchObject({
      what: 'text',
      candidates: ['title', 'details'],
    });
    // An address is no longer than the title, nor is a code.
    const listed = news.map((row) => row.replace('What has come about this time', 'x'));
    expect(asked(`title\tcode\tlabel\n${listed.join('')}`)).toEqual({ text: ['title'], label: 'label' });
  });

  it('asks which of an instruction and an input is read, where both are there', () => {
    const rows = (input: (i: number) => string) =>
      Array.from({ length: 12 }, (_, i) => `Put it otherwise.\t${input(i)}\tsaid so ${i}\n`).join('');
    const guess = (input: (i: number) => string) =>
      guessColumns(readTable(`instruction\tinput\toutput\n${rows(input)}`, 'rows.tsv'), {}, 'target');
    expect(() => guess((i) => `it was said ${i}`)).toThrow(
      /which column holds the text; set data\.columns\.text to one of "instruction", "input"/,
    );
    expect(guess(() => '')).toEqual({ text: ['instruction'], target: 'output' });
  });
});
