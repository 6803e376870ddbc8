/** All experiments, by name. */
import type { Experiment, ExperimentName } from '../study.ts';
import { combination } from './combination.ts';
import { convergence } from './convergence.ts';
import { gap } from './gap.ts';
import { intrinsic } from './intrinsic.ts';
import { memory } from './memory.ts';
import { multiTask } from './multi-task.ts';
import { performance } from './performance.ts';
import { retention } from './retention.ts';
import { robustness } from './robustness.ts';
import { scale } from './scale.ts';
import { sensitivity } from './sensitivity.ts';
import { sequence } from './sequence.ts';
import { transfer } from './transfer.ts';

export const EXPERIMENTS: Record<ExperimentName, Experiment> = {
  performance,
  convergence,
  memory,
  sensitivity,
  combination,
  sequence,
  gap,
  scale,
  transfer,
  intrinsic,
  retention,
  robustness,
  multiTask,
};
