/** A look at the rows of a run, by what is prepared for it. */
import { examineData } from '../data/analysis/doctor.ts';
import type { Finding } from '../data/analysis/finding.ts';
import { positionLimit } from '../data/tokenizer/positions.ts';
import type { RunSpec } from '../runs/spec.ts';
import { taskView } from '../runs/spec-tasks.ts';
import { say, type Sentence } from '../sentence.ts';
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

/** What is to be said before a run, the gravest first: what must be mended, how it was read, and what would be better. */
export function saidBefore(prepared: Prepared, spec: RunSpec): { faults: Sentence[]; all: Sentence[] } {
  const found = examineRun(prepared, spec);
  const faults = found.filter(({ weight }) => weight === 'fault').map(({ sentence }) => sentence);
  const rest = found.filter(({ weight }) => weight === 'advice').map(({ sentence }) => sentence);
  return { faults, all: [...faults, ...prepared.notes, ...rest] };
}
