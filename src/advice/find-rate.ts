/** The range test of a method on a device: the rows, the head and the model of a comparison, at growing rates. */
import { openInstance, type OpenRunOptions } from '../train/open-run.ts';
import { runBatches } from '../train/prepare.ts';
import type { Prepared } from '../train/prepared.ts';
import { stepSettings } from '../train/schedule.ts';
import { withoutScores } from '../train/scored-sets.ts';
import { methodList } from '../runs/spec-method.ts';
import { stageRuns, type RunSpec } from '../runs/spec.ts';
import type { Studio } from '../plan/studio.ts';
import { BELOW_LOWEST_OF_HEAD, RANGE_BATCHES, rangeAround, rangeTest, type RateCurve } from './range-test.ts';

export interface FindRateOptions {
  openFolder?: OpenRunOptions['openFolder'];
  /** Asked before every step; false ends the test with what it has. */
  goesOn?: () => boolean;
}

/**
 * Finds the rate of a run; of stages, that of the first.
 * @param spec with its learning rate, which the test lies around
 * @param standard rate of the method on this model, where the spec's optimizer makes its own
 * @throws StudioError as a training does that cannot begin
 */
export async function findRate(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  standard: number,
  { openFolder, goesOn }: FindRateOptions = {},
): Promise<RateCurve> {
  const [first] = stageRuns(spec);
  const { headLearningRate: _, ...rates } = first.training.optimizer;
  // The rate that is found is the head's as well, unless that was given: then the test keeps their ratio.
  const optimizer = rates.defaultFor?.head ? rates : first.training.optimizer;
  const training = { ...first.training, optimizer, steps: RANGE_BATCHES, evaluateEvery: 0 };
  const stage = { ...first, training };
  const unscored = withoutScores(prepared);
  const { instance } = await openInstance(studio, unscored, spec, stage, 0, { openFolder });
  try {
    const batches = runBatches(prepared, stage);
    let taken = 0;
    const step = async (learningRate: number, batch: number): Promise<number> => {
      const settings = stepSettings(++taken, learningRate, stage.training, batches.turn(batch + 1));
      return (await instance.step(batches.step(batch + 1), settings)).loss;
    };
    const headAlone = methodList(first.method).every(({ type }) => type === 'head');
    const range = { ...rangeAround(standard), ...(headAlone && { below: BELOW_LOWEST_OF_HEAD }) };
    return await rangeTest(step, range, goesOn);
  } finally {
    instance.destroy();
  }
}
