/** What tuning leaves of a model's knowledge of words: its masked-token loss, before and after. */
import { inARow, named, say, type Sentence } from '../../sentence.ts';
import { numberCell } from '../cells-text.ts';
import { measured, NO_METHOD, shownMethod } from '../grid.ts';
import { valuesOf } from '../scores.ts';
import type { Result } from '../study.ts';
import type { Figure } from './figure.ts';

interface Known {
  method: string;
  /** After the first task, and after others from there (their mean). */
  first: number | null;
  then: number | null;
}

function lossOf(results: readonly Result[]): number | null {
  const values = results.flatMap(({ row }) => row.maskedTokenLoss ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function knownBy(results: readonly Result[]): { untuned: number | null; methods: Known[] } {
  const own = measured(results, 'masked tokens');
  const of = (method: string) => own.filter(({ cell }) => cell.factors.method === method);
  return {
    untuned: lossOf(of(NO_METHOD)),
    methods: valuesOf(own, 'method')
      .filter((method) => method !== NO_METHOD)
      .map((method) => ({
        method,
        first: lossOf(of(method).filter(({ cell }) => cell.factors.source === undefined)),
        then: lossOf(of(method).filter(({ cell }) => cell.factors.source !== undefined)),
      })),
  };
}

export function knowledgeFigures(results: readonly Result[]): Figure[] {
  const known = measured(results, 'masked tokens').filter(({ row }) => row.maskedTokenLoss !== undefined);
  return valuesOf(known, 'model').map((model): Figure => {
    const own = results.filter(({ cell }) => cell.factors.model === model);
    const { untuned, methods } = knownBy(own);
    return {
      kind: 'table',
      id: `masked-tokens-${model}`,
      title: say`Masked-token loss of ${model}, in nats`,
      note: say`How well a masked word of the first task's held-out texts is still guessed: the loss that the model was pretrained on, with the first seed. Untuned it is ${untuned === null ? '–' : untuned.toFixed(3)}.`,
      columns: [
        say`Method`,
        say`After the first task`,
        say`After another from there`,
        say`Change to untuned`,
      ],
      rows: methods.map(({ method, first, then }) => [
        shownMethod(method),
        numberCell(first, 3),
        numberCell(then, 3),
        numberCell(untuned === null || then === null ? null : then - untuned, 3),
      ]),
    };
  });
}

export function knowledgeAnswer(results: readonly Result[]): Sentence[] {
  const { untuned, methods } = knownBy(results);
  const known = methods.flatMap(({ method, then }) =>
    then === null || untuned === null ? [] : [{ method, change: then - untuned }],
  );
  if (known.length === 0) return [];
  const told = [...known]
    .sort((a, b) => a.change - b.change)
    .map(
      ({ method, change }) => say`${named(method)} (${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(3)})`,
    );
  return [say`What both tasks do to the masked-token loss, least first: ${inARow(told)}.`];
}
