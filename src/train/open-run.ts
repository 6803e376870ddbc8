/** Makes a stage of a run ready to go on a device: compiles its plans, allocates, starts from an adapter if asked. */
import type { ReadableFolder } from '../models/files.ts';
import { loadStarts, type StageLayout } from '../runs/adapter-folder.ts';
import { openMissing } from '../runs/fusion-adapters.ts';
import { taskHead } from '../runs/start-heads.ts';
import { stageRuns, type RunSpec, type StageRun } from '../runs/spec.ts';
import { isGenerated, meanMetrics } from './metrics/metrics.ts';
import { methodList, startFolders } from '../runs/spec-method.ts';
import type { CompiledRun } from './compile.ts';
import type { CheckpointKeeper, RunCheckpoint } from './checkpoint.ts';
import type { RunControl } from './control.ts';
import type { DeviceClock } from './device-clock.ts';
import { evaluate } from './evaluate.ts';
import { evaluateTexts, type TextEvaluation } from './evaluate-texts.ts';
import type { RunEvent } from './events.ts';
import { generationSource } from './generate/source.ts';
import { DeviceInstance } from './device-instance.ts';
import type { Instance } from './instance.ts';
import type { RowAnswers } from './predictions.ts';
import { batchShape, runBatches } from './prepare.ts';
import type { Prepared } from './prepared.ts';
import { finalSets, validationSets, type ScoredSet } from './scored-sets.ts';
import type { SharedStart } from './shared-start.ts';
import { compileStage, layoutOfStage } from './stages.ts';
import { logitTask } from './task.ts';
import { joinedAnswers } from './task-answers.ts';
import { TextGenerator } from './text-generator.ts';
import { TrainingRun, type Scores } from './training-run.ts';
import type { Studio } from '../plan/studio.ts';

export interface OpenRunOptions {
  emit: (event: RunEvent) => void;
  control?: RunControl;
  /** Shared by all runs on a device. */
  clock?: DeviceClock;
  /** Opens the folder that `method.init` names. */
  openFolder?: (path: string) => ReadableFolder;
  /** What others said of the rows before their first step. */
  start?: SharedStart;
  /** Hears the answers of every evaluation, just before its event. */
  predicted?: (answers: RowAnswers) => void;
  /** Hears, just after its event, that an evaluation is the best so far. */
  chosen?: () => void;
}

export interface OpenStageOptions extends OpenRunOptions {
  resume?: RunCheckpoint;
  checkpoints?: CheckpointKeeper<RunCheckpoint>;
}

export interface OpenedRun {
  run: TrainingRun;
  compiled: CompiledRun;
  /** What the adapter files hold. */
  layout: StageLayout;
  /** Frees what it holds on the device. */
  close: () => void;
}

/** A stage that is ready to step, at what it starts from. */
export interface OpenedInstance {
  compiled: CompiledRun;
  instance: DeviceInstance;
  layout: StageLayout;
}

/**
 * Compiles a stage, allocates it and fills it with what it starts from; whoever gets it destroys the instance.
 * @throws StudioError as `openStage`
 */
export async function openInstance(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  stage: StageRun,
  index: number,
  { openFolder, resume }: Pick<OpenStageOptions, 'openFolder' | 'resume'>,
): Promise<OpenedInstance> {
  await openMissing(methodList(stage.method), prepared.deltaModel, openFolder);
  const compile = (): CompiledRun => compileStage(prepared, spec, stage, index, studio.profile);
  let compiled = compile();
  const shapes = [...compiled.training.values(), ...compiled.evaluation.values()];
  if (await studio.tune?.(shapes.map(({ plan }) => plan))) compiled = compile();
  const { seed } = stage.training;
  const instance = await DeviceInstance.create(studio, compiled, prepared.deltaModel, { seed });
  try {
    const { parameters, hash, head } = prepared.model;
    const layout = layoutOfStage(prepared, stage.method, compiled);
    if (resume === undefined && methodList(stage.method).some((method) => startFolders(method).length > 0)) {
      if (openFolder === undefined) throw new Error('internal: method.init without a way to open folders');
      instance.write(
        await loadStarts(openFolder, layout, hash, parameters, taskHead(spec, head, parameters), seed),
      );
    }
    return { compiled, instance, layout };
  } catch (error) {
    instance.destroy();
    throw error;
  }
}

/**
 * @param prepared with the model that the stage is attached to
 * @param spec the whole run
 * @param stage its stage `index`
 * @throws StudioError('spec') for options the model cannot take, ('unsupported'), ('adapter-file') for an
 *   adapter that does not fit, ('device') when it does not fit the adapter's memory
 */
export async function openStage(
  studio: Studio,
  prepared: Prepared,
  spec: RunSpec,
  stage: StageRun,
  index: number,
  options: OpenStageOptions,
): Promise<OpenedRun> {
  const { training } = stage;
  const { compiled, instance, layout } = await openInstance(studio, prepared, spec, stage, index, options);
  try {
    const batches = runBatches(prepared, stage);
    const generators: TextGenerator[] = [];
    // A run that is taken up again, or a later stage, has learned something.
    let fresh = options.resume === undefined && index === 0;
    /** Metrics of a set, and its answers. */
    const evaluatorOf = (set: ScoredSet<StageRun>): ((current: Instance) => Promise<Scored>) => {
      if (stage.model.task === 'text2text') {
        const texts = textsOf(studio, compiled, instance, set);
        generators.push(texts.generator);
        return async (current) => {
          const { metrics, logits, texts: written } = await texts.evaluate(current);
          return { metrics, answers: { logits, texts: written } };
        };
      }
      const shape = batchShape(set.prepared, set.spec);
      return async (current) => {
        const { data, prepared: of } = set;
        const start = fresh ? options.start : undefined;
        const task = logitTask(set.spec);
        const { metrics, logits } = await evaluate(current, data, shape, task, of.outputs, start);
        return { metrics, answers: { logits } };
      };
    };
    /** Of the sets of one split: the metrics of the one there is, or of each task and their mean. */
    const scoresOf = (sets: readonly ScoredSet<StageRun>[]) => {
      const evaluators = sets.map((set) => ({ task: set.task, evaluate: evaluatorOf(set) }));
      return async (current: Instance): Promise<Scores> => {
        const found: (Scored & { task: string | undefined })[] = [];
        for (const one of evaluators) found.push({ task: one.task, ...(await one.evaluate(current)) });
        fresh = false;
        options.predicted?.(joinedAnswers(found.map(({ answers }) => answers)));
        if (found[0].task === undefined) return { metrics: found[0].metrics };
        const tasks = found.map(({ task, metrics }) => ({ task: task!, metrics }));
        return { metrics: meanMetrics(tasks.map(({ metrics }) => metrics)), tasks };
      };
    };
    const validation = validationSets(prepared, stage);
    const finals = finalSets(prepared, stage);
    const last = index === stageRuns(spec).length - 1;
    const run = new TrainingRun({
      instance,
      training,
      batchesOf: (step) => batches.step(step),
      turnOf: (step) => {
        const turn = batches.turn(step);
        return turn && { task: prepared.tasks![turn.task].name, step: turn.step };
      },
      ...(validation.length > 0 && { evaluate: scoresOf(validation) }),
      scores: (last ? (['train', 'test'] as const) : []).flatMap((split) => {
        const sets = finals.filter((set) => set.split === split);
        return sets.length === 0 ? [] : [{ split, evaluate: scoresOf(sets) }];
      }),
      emit: options.emit,
      chosen: options.chosen,
      adapter: { vendor: studio.profile.vendor, description: studio.profile.description },
      control: options.control,
      clock: options.clock,
      resume: options.resume,
      checkpoints: options.checkpoints,
    });
    const close = () => {
      for (const generator of generators) generator.destroy();
      instance.destroy();
    };
    return { run, compiled, layout, close };
  } catch (error) {
    instance.destroy();
    throw error;
  }
}

interface Scored {
  metrics: Record<string, number>;
  answers: RowAnswers;
}

/** How a run that writes texts is evaluated. */
function textsOf(
  studio: Studio,
  compiled: CompiledRun,
  instance: DeviceInstance,
  { prepared, spec, data, split }: ScoredSet<StageRun>,
): { generator: TextGenerator; evaluate: (current: Instance) => Promise<TextEvaluation> } {
  const generation = spec.generation!;
  const own = compiled.branches[prepared.task?.index ?? 0] ?? compiled.branches[0];
  const source = generationSource({ ...compiled, ...own }, prepared.deltaModel, instance);
  const generator = new TextGenerator(studio, source, data, prepared.tokenizer, {
    ...generation,
    batchSize: spec.training.batchSize,
  });
  const options = {
    verbalizer: spec.data.verbalizer,
    tokenizer: prepared.tokenizer,
    // As it trains some rows show how texts come along; what is tested by its texts is tested by all.
    rows: split === 'test' && isGenerated(spec.training.metric) ? data.rows : generation.rows,
    generate: (rows: readonly number[]) => generator.generate(rows),
    seed: spec.training.seed,
  };
  return {
    generator,
    // It is this instance, or stands before it.
    evaluate: (current) =>
      evaluateTexts(
        { tokenLosses: (batch) => current.tokenLosses!(batch) },
        data,
        batchShape(prepared, spec),
        options,
      ),
  };
}
