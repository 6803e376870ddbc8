/** A look at the rows of a run, by what is prepared for it. */
import { examineData } from '../data/analysis/doctor.ts';
import type { Finding } from '../data/analysis/finding.ts';
import { positionLimit } from '../data/tokenizer/positions.ts';
import type { RunSpec } from '../runs/spec.ts';
import { taskView } from '../runs/spec-tasks.ts';
import { say } from '../sentence.ts';
import type { Prepared } from '../train/prepared.ts';

/** The gravest first. */
export function examineRun(prepared: Prepared, spec: RunSpec): Finding[] {
  if (prepared.tasks !== undefined)
    return prepared.tasks.flatMap(({ name, prepared: one }, i) =>
      examineRun(one, taskView(spec, i)).map((found) => ({
        ...found,
        sentence: say`${name}: ${found.sentence}`,
      })),
    );
  const { train, validation, test, tokenizer, model } = prepared;
  const { data } = spec;
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
