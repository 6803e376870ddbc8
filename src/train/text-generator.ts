/** Texts of encoded rows from a run on its device: a generator made when first asked. */
import { bucketsOf } from '../data/batching/batcher.ts';
import type { EncodedDataset } from '../data/batching/encoded.ts';
import type { Tokenizer } from '../data/tokenizer/tokenizer.ts';
import type { GenerationSpec } from '../runs/spec.ts';
import { createGenerator, type GenerationSource, type Generator } from './generate/generator.ts';
import type { Studio } from '../plan/studio.ts';

export class TextGenerator {
  readonly #studio: Studio;
  readonly #source: GenerationSource;
  readonly #data: EncodedDataset;
  readonly #tokenizer: Tokenizer;
  readonly #settings: GenerationSpec & { batchSize: number };
  #generator: Promise<Generator> | null = null;

  constructor(
    studio: Studio,
    source: GenerationSource,
    data: EncodedDataset,
    tokenizer: Tokenizer,
    settings: GenerationSpec & { batchSize: number },
  ) {
    this.#studio = studio;
    this.#source = source;
    this.#data = data;
    this.#tokenizer = tokenizer;
    this.#settings = settings;
  }

  /** Texts of rows, in their order. */
  async generate(rows: readonly number[]): Promise<string[]> {
    const { batchSize, maxNewTokens, beams } = this.#settings;
    const { ids, offsets } = this.#data;
    this.#generator ??= createGenerator(this.#studio, this.#source, {
      batchSize,
      lengths: bucketsOf(this.#data).lengths,
      maxNewTokens,
      beams,
    });
    const generator = await this.#generator;
    const tokens = await generator.generate(rows.map((row) => ids.subarray(offsets[row], offsets[row + 1])));
    return tokens.map((text) => this.#tokenizer.decode([...text]));
  }

  destroy(): void {
    void this.#generator?.then(
      (generator) => generator.destroy(),
      () => {},
    );
  }
}
