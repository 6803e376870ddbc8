/**
 * Generates texts on the device with a key-value cache. Everything is made ahead; a token uploads its ids, its
 * position and a row of biases, dispatches, and reads back a few candidates a row.
 */
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';
import { evaluateHost } from '../../graph/host.ts';
import { NEXT, ORDER, POSITION } from '../../graph/incremental.ts';
import { STEP_BLOCK_BYTES } from '../../plan/kernel-call.ts';
import { memoryOf, mergeBuffers } from '../../plan/memory.ts';
import type { MemoryBytes, Plan } from '../../plan/plan.ts';
import type { Executor, HostData, PreparedPlan, RunMemory, Studio } from '../../plan/studio.ts';
import { compileGeneration } from './plans.ts';
import type { GenerationPlans, GenerationRequest } from './plans.ts';
import { beamSearch, greedySearch } from './search.ts';
import type { Scorer } from './search.ts';

/** What is generated from: a rewritten model, and the run whose tensors it reads as they are now. */
export interface GenerationSource extends Pick<
  GenerationRequest,
  'graph' | 'parameters' | 'config' | 'modelKey' | 'own' | 'layout' | 'precision'
> {
  /** Initial data of a weight by name. */
  weights: (name: string) => Float32Array;
  /** The run's memory; without one nothing is trained and `layout` has no tensors. */
  lender?: RunMemory;
}

export interface GeneratorOptions {
  /** Texts at once. */
  batchSize: number;
  /** Lengths that sources are padded to, each with plans of its own. */
  lengths: readonly number[];
  /** Tokens a text may have at most, the end token counted. */
  maxNewTokens: number;
  /** 1 (the default) searches greedily. */
  beams?: number;
  /** Of beam search; 1 by default. */
  lengthPenalty?: number;
  /** Of beam search; false by default. */
  earlyStopping?: boolean | 'never';
  /** Where they differ from the model's config.json. */
  tokens?: { start?: number; end?: number; pad?: number };
}

interface Shape extends GenerationPlans {
  prepared: { encoder: PreparedPlan; step: PreparedPlan; reorder?: PreparedPlan };
}

/**
 * Compiles, allocates and prepares. Weights are those already on the device; what a run has trained is read
 * where the run keeps it, so a generator made once follows the training.
 * @throws StudioError('unsupported') for a model that is no encoder-decoder, ('device') when memory does not
 *   suffice, ('spec') for options out of range
 */
export async function createGenerator(
  studio: Studio,
  source: GenerationSource,
  options: GeneratorOptions,
): Promise<Generator> {
  const { beams = 1, batchSize, lengths, maxNewTokens } = options;
  for (const [name, value] of Object.entries({ beams, batchSize, maxNewTokens }))
    if (!Number.isInteger(value) || value < 1)
      throw new StudioError('spec', say`Generation needs ${name} to be an integer from 1; it is ${value}.`, {
        where: name,
      });
  if (!source.graph.inputs.some(({ name }) => name === 'decoder_input_ids'))
    throw new StudioError(
      'unsupported',
      say`${source.graph.name} has no decoder, so it cannot generate texts; choose an encoder-decoder such as T5.`,
      { where: 'model.source' },
    );
  const shapes = new Map<number, GenerationPlans>();
  for (const length of lengths)
    shapes.set(
      length,
      compileGeneration({
        ...source,
        rows: batchSize * beams,
        length,
        maxNewTokens,
        k: beams === 1 ? 1 : 2 * beams,
        adapter: studio.profile,
      }),
    );
  const plans = [...shapes.values()].flatMap(plansOf);
  const executor = await studio.createRun(plans, source.lender);
  try {
    const ready = new Map<number, Shape>();
    for (const [length, shape] of shapes) {
      for (const plan of plansOf(shape))
        executor.memory.fill(plan, (name) => shape.constants.get(name) ?? source.weights(name));
      const [encoder, step, reorder] = await Promise.all(
        plansOf(shape).map((plan) => executor.prepare(plan)),
      );
      ready.set(length, { ...shape, prepared: { encoder, step, reorder } });
    }
    return new Generator(executor, ready, plans, source.config, options);
  } catch (cause) {
    executor.destroy();
    throw cause;
  }
}

function plansOf({ encoder, step, reorder }: GenerationPlans): Plan[] {
  return reorder ? [encoder, step, reorder] : [encoder, step];
}

export class Generator {
  readonly #executor: Executor;
  readonly #shapes: ReadonlyMap<number, Shape>;
  readonly #plans: readonly Plan[];
  readonly #options: GeneratorOptions;
  readonly #tokens: { start: number; end: number; pad: number };

  /** Use `createGenerator`. */
  constructor(
    executor: Executor,
    shapes: ReadonlyMap<number, Shape>,
    plans: readonly Plan[],
    config: Readonly<Record<string, unknown>>,
    options: GeneratorOptions,
  ) {
    this.#executor = executor;
    this.#shapes = shapes;
    this.#plans = plans;
    this.#options = options;
    const number = (name: string, otherwise: number): number =>
      typeof config[name] === 'number' ? config[name] : otherwise;
    const pad = options.tokens?.pad ?? number('pad_token_id', 0);
    this.#tokens = {
      pad,
      end: options.tokens?.end ?? number('eos_token_id', 1),
      start: options.tokens?.start ?? number('decoder_start_token_id', pad),
    };
  }

  /** Memory of generation by category, the run's weights included. */
  memory(): { predicted: MemoryBytes; allocated: MemoryBytes } {
    return { predicted: memoryOf(mergeBuffers(this.#plans)), allocated: this.#executor.memory.bytes };
  }

  /**
   * @param sources token ids of each text, special ones included, unpadded; any number of texts
   * @returns the tokens of each text, without start and end
   * @throws StudioError('data') for a text longer than the longest of `lengths`
   */
  async generate(sources: readonly ArrayLike<number>[]): Promise<Int32Array[]> {
    const { batchSize } = this.#options;
    const texts: Int32Array[] = [];
    for (let from = 0; from < sources.length; from += batchSize)
      texts.push(...(await this.#batch(sources.slice(from, from + batchSize))));
    return texts;
  }

  destroy(): void {
    this.#executor.destroy();
  }

  async #batch(sources: readonly ArrayLike<number>[]): Promise<Int32Array[]> {
    const { beams = 1, lengthPenalty = 1, earlyStopping = false, maxNewTokens } = this.#options;
    const scorer = await this.#encode(sources);
    const settings = { maxNewTokens, ...this.#tokens };
    if (beams === 1) return greedySearch(scorer, sources.length, settings);
    return beamSearch(scorer, sources.length, { ...settings, beams, lengthPenalty, earlyStopping });
  }

  /** Runs the encoder, once for the batch. */
  async #encode(sources: readonly ArrayLike<number>[]): Promise<Scorer> {
    const { beams = 1, batchSize } = this.#options;
    const rows = batchSize * beams;
    const longest = Math.max(...sources.map(({ length }) => length));
    const fitting = [...this.#shapes.keys()].filter((length) => length >= longest);
    if (fitting.length === 0)
      throw new StudioError(
        'data',
        say`A text has ${longest} tokens and there is room for ${Math.max(...this.#shapes.keys())}; shorten it or raise ${field('data.maxLength')}.`,
        { where: 'data.maxLength' },
      );
    const length = Math.min(...fitting);
    const shape = this.#shapes.get(length)!;
    const ids = new Int32Array(rows * length).fill(this.#tokens.pad);
    const mask = new Int32Array(rows * length);
    for (let row = 0; row < rows; row++) {
      // Rows without a text of their own repeat the first.
      const text = sources[Math.floor(row / beams)] ?? sources[0];
      for (let i = 0; i < text.length; i++) ids[row * length + i] = text[i];
      mask.fill(1, row * length, row * length + text.length);
    }
    const inputs = {
      input_ids: ids,
      attention_mask: mask,
      decoder_input_ids: new Int32Array(rows * shape.targetLength).fill(this.#tokens.start),
    };
    const host = evaluateHost(shape.host, inputs);
    const read = shape.biases.map(({ whole }) => whole).filter((id) => isRead(shape.encoder, id));
    const computed = await this.#executor.execute(shape.prepared.encoder, {
      uploads: uploadsOf(shape.encoder, (name) => host.get(name)),
      phases: ['compute'],
      read,
    });
    const whole = (id: string): Float32Array =>
      computed[id] ?? ((host.get(id) ?? shape.constants.get(id)) as Float32Array);
    const biases = shape.biases.map(({ whole: id, row }) => ({
      row,
      data: whole(id),
      shape: shape.biasShapes.get(id)!,
    }));
    return this.#scorer(shape, host, biases, rows);
  }

  #scorer(
    shape: Shape,
    host: ReadonlyMap<string, HostData>,
    biases: readonly { row: string; data: Float32Array; shape: readonly number[] }[],
    rows: number,
  ): Scorer {
    const { beams = 1 } = this.#options;
    return {
      rows,
      k: beams === 1 ? 1 : 2 * beams,
      next: async (tokens, position, order) => {
        const { step, reorder } = shape.prepared;
        if (order && reorder && order.some((from, row) => from !== row))
          void this.#executor.execute(reorder, {
            uploads: uploadsOf(reorder.plan, (name) => (name === ORDER ? order : undefined)),
            phases: ['compute'],
          });
        const rowsOf = new Map(biases.map((bias) => [bias.row, biasRow(bias, position)]));
        const uploads = uploadsOf(shape.step, (name) => {
          if (name === shape.ids) return tokens;
          if (name === POSITION) return Int32Array.of(position);
          return rowsOf.get(name) ?? host.get(name);
        });
        const result = await this.#executor.execute(step, { uploads, phases: ['compute'], read: [NEXT] });
        return result[NEXT];
      },
    };
  }
}

function isRead(plan: Plan, name: string): boolean {
  return plan.readbacks.some((readback) => readback.name === name);
}

function uploadsOf(plan: Plan, dataOf: (name: string) => HostData | undefined): Record<string, HostData> {
  const uploads: Record<string, HostData> = {};
  for (const { name } of plan.uploads) {
    const data = name === 'step' ? new Uint32Array(STEP_BLOCK_BYTES / 4) : dataOf(name);
    if (!data) throw new Error(`internal: generation has no data for ${name}`);
    uploads[name] = data;
  }
  return uploads;
}

/** Row `position` of the second last axis. */
function biasRow(
  { data, shape }: { data: Float32Array; shape: readonly number[] },
  position: number,
): Float32Array {
  const width = shape[shape.length - 1];
  const length = shape[shape.length - 2];
  const outer = data.length / (width * length);
  const row = new Float32Array(outer * width);
  for (let o = 0; o < outer; o++) {
    const from = (o * length + position) * width;
    row.set(data.subarray(from, from + width), o * width);
  }
  return row;
}
