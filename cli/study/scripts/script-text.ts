/** The Python of a cell: its settings, for the module that all cells share. */
import type { RunSpec } from '../../../src/runs/spec.ts';
import { python } from '../../../src/runs/snippet/values.ts';
import { methodList } from '../../../src/runs/spec-method.ts';
import { say, type Sentence } from '../../../src/sentence.ts';
import { cellName } from '../../../src/study/stored.ts';
import type { Cell } from '../../../src/study/study.ts';

/** Methods that PEFT trains from a folder of its own as the studio does. */
const PEFT = ['lora', 'vera', 'loha', 'lokr', 'sparse', 'prompt', 'ia3', 'layernorm'];
/** Methods that train weights of the model and no others. */
const WEIGHTS = ['full', 'head', 'bitfit', 'lastLayer'];

/** Where a cell's files lie, relative to the scripts. */
export interface CellFiles {
  model: string;
  data: string;
  order: string;
  start: string;
}

/** What of a cell its spec does not say. */
interface CellFacts {
  /** Is the classifier the model's own? */
  ownHead: boolean;
  outputs: number;
  /** The head's parameters that train, by their names in the start. */
  headParameters: readonly string[];
  classWeights: readonly number[] | undefined;
}

/** Why a cell has no script; null where it has one. */
export function withoutScript({ kind, from, spec }: Cell): Sentence | null {
  const { model, method, training, tasks } = spec;
  if (kind !== 'train') return say`it trains nothing`;
  if (from !== undefined) return say`it starts from another cell`;
  if (tasks !== undefined) return say`it trains several tasks`;
  if (model.task !== 'classification' && model.task !== 'regression')
    return say`its task is ${model.task}; only classification and regression have one`;
  if (method === undefined || methodList(method).length > 1) return say`it trains several methods`;
  const [{ type, init }] = methodList(method);
  if (init !== undefined) return say`it starts from an adapter`;
  if (![...PEFT, ...WEIGHTS].includes(type)) return say`PEFT has no ${type} as it is here`;
  if (training.optimizer.type !== 'adamw') return say`its optimizer is ${training.optimizer.type}`;
  if (training.precision !== undefined && training.precision !== 'f32')
    return say`it computes in half precision`;
  return null;
}

/** Does PEFT load the start of a method? */
export function isPeft({ method }: Pick<RunSpec, 'method'>): boolean {
  return PEFT.includes(methodList(method!)[0].type);
}

export function scriptText(cell: Cell, files: CellFiles, facts: CellFacts): string {
  const { spec, id } = cell;
  const { training, model } = spec;
  const { optimizer, schedule } = training;
  if (optimizer.type !== 'adamw') throw new Error('internal: a script has AdamW');
  const [method] = methodList(spec.method!);
  const values = {
    id: python(id),
    model: python(files.model),
    head: python(facts.ownHead ? 'own' : (model.pooling ?? 'mean')),
    data: python(files.data),
    order: python(files.order),
    kind: python(isPeft(spec) ? 'peft' : 'weights'),
    start: python(files.start),
    virtual_tokens: python(method.type === 'prompt' ? method.virtualTokens : 0),
    outputs: python(facts.outputs),
    regression: python(model.task === 'regression'),
    class_weights: python(facts.classWeights),
    steps: python(training.steps),
    batch_size: python(training.batchSize),
    learning_rate: python(optimizer.learningRate),
    head_rate: python(optimizer.headLearningRate),
    head_parameters: python(optimizer.headLearningRate === undefined ? [] : facts.headParameters),
    weight_decay: python(optimizer.weightDecay),
    betas: `(${optimizer.betas.join(', ')})`,
    epsilon: python(optimizer.epsilon),
    schedule: python(schedule.type === 'constant' ? 'constant_with_warmup' : schedule.type),
    warmup_steps: python(schedule.warmupSteps),
    max_grad_norm: python(training.maxGradNorm),
    dropout: python(training.dropout),
    evaluate_every: python(training.evaluateEvery),
    seed: python(training.seed),
  };
  const lines = Object.entries(values).map(([name, value]) => `    ${name}=${value},`);
  return `"""${cellName(cell).replaceAll('"', "'").replaceAll('\\', '/')}"""\nfrom delta_cells import Cell, train\n\nCELL = Cell(\n${lines.join('\n')}\n)\n\nif __name__ == "__main__":\n    train(CELL)\n`;
}
