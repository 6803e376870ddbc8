/** Are there rows enough to judge by? */
import { field, say, type Sentence } from '../../sentence.ts';
import { FEW_ROWS, LEAST_DIFFERENT, leastDifference, widestHalf } from '../few-rows.ts';
import type { DoctorInput, Finding } from './finding.ts';

/** Rows that judge, or choose the step, and are too few to. */
export function fewRows({ train, validation, test }: DoctorInput): Finding[] {
  const judged = test ?? validation;
  if (judged === null) return [];
  const { rows } = judged;
  const found = (weight: Finding['weight'], sentence: Sentence): Finding => ({
    code: 'fewRows',
    weight,
    sentence,
  });
  const step =
    test && validation && validation.rows < LEAST_DIFFERENT
      ? [
          found(
            'advice',
            say`so few validation rows (${validation.rows}) choose the best step by chance; add rows to ${field('data.validation')}, or hold out a larger share.`,
          ),
        ]
      : [];
  if (rows >= FEW_ROWS) return step;
  const [least, place] = [LEAST_DIFFERENT, field(test ? 'data.test' : 'data.validation')];
  if (rows < least)
    return [
      found(
        'fault',
        test
          ? say`so few test rows (${rows}) tell nothing: no difference of two methods can be shown with fewer than ${least}; add rows to ${place}, or hold out a larger share.`
          : say`so few validation rows (${rows}) tell nothing: no difference of two methods can be shown with fewer than ${least}; add rows to ${place}, or hold out a larger share.`,
      ),
      ...step,
    ];
  const apart = percentPoints(leastDifference(rows));
  if (train.labelSpace === null)
    return [
      found(
        'advice',
        test
          ? say`only ${rows} test rows judge: two methods with one seed can be told apart only where they differ on ${least} of them or more; add rows to ${place}, or hold out a larger share.`
          : say`only ${rows} validation rows judge: two methods with one seed can be told apart only where they differ on ${least} of them or more; add rows to ${place}, or hold out a larger share.`,
      ),
      ...step,
    ];
  const half = percentPoints(widestHalf(rows));
  return [
    found(
      'advice',
      test
        ? say`only ${rows} test rows judge: an accuracy of them is known to ${half} points at best, and with one seed a difference of two methods below ${apart} points (${least} rows) cannot be told; add rows to ${place}, or hold out a larger share.`
        : say`only ${rows} validation rows judge: an accuracy of them is known to ${half} points at best, and with one seed a difference of two methods below ${apart} points (${least} rows) cannot be told; add rows to ${place}, or hold out a larger share.`,
    ),
    ...step,
  ];
}

const percentPoints = (share: number): number => Math.round(100 * share);
