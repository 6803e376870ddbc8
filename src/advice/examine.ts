/** A look at the rows of a run, by what is prepared for it. */
import { examineData, type Finding } from '../data/analysis/doctor.ts';
import { positionLimit } from '../data/tokenizer/positions.ts';
import type { RunSpec } from '../runs/spec.ts';
import type { Prepared } from '../train/prepare.ts';

/** The gravest first. */
export function examineRun(
  { train, validation, test, tokenizer, model }: Prepared,
  { data }: RunSpec,
): Finding[] {
  return examineData({
    train: train.dataset,
    validation: validation && validation.dataset,
    test: test && test.dataset,
    tokenizer,
    maxLength: data.maxLength,
    template: data.template,
    mostPositions: positionLimit(model.config),
  });
}
