/** What Hugging Face's `generate` made of the T5 fixtures (tools/oracles/generation.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFiles } from '../../cli/files.ts';
import { floatsOf } from '../../src/graph/tensor.ts';
import { loadModel } from '../../src/models/load.ts';
import type { Model } from '../../src/models/model.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import type { GenerationSource } from '../../src/train/generate/generator.ts';
import { ORACLES } from './oracle.ts';

export interface GenerationCase {
  beams: number;
  lengthPenalty?: number;
  earlyStopping?: boolean | 'never';
  eos: number;
  tokens: number[][];
}

export interface GenerationFixture {
  maxNewTokens: number;
  sources: number[][];
  cases: GenerationCase[];
}

export const GENERATION_FAMILIES = ['t5', 't5-gated'];

export function generationFixture(family: string): GenerationFixture {
  return JSON.parse(readFileSync(join(ORACLES, 'generation', `${family}.json`), 'utf8')) as GenerationFixture;
}

export function generationModel(family: string): Promise<Model> {
  const folder = join(ORACLES, family);
  return loadModel(modelFiles(folder), folder);
}

/** The model as it is, nothing trained. */
export function untrained(model: Model): GenerationSource {
  const { graph, parameters, config, hash } = model;
  return {
    graph,
    parameters,
    config,
    modelKey: hash,
    layout: layoutTrainables([], 2 ** 27, 256),
    weights: (name) => floatsOf(graph.initializers.get(name)!),
  };
}
