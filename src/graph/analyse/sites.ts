/** Turns nodes of the compiled copy into sites: places named in terms of the source graph. */
import type { AttentionSite, EmbeddingSite, LinearSite, NormSite } from '../roles.ts';
import type { ProgramNode } from '../program.ts';
import type { AttentionNode, MatMulNode, NormNode, Structure } from './structure.ts';

/** `bert.pooler.dense.weight` → `bert.pooler.dense` */
export function moduleOf(parameter: string): string {
  return parameter.replace(/\.(weight|gamma)$/, '');
}

function parameterOf(structure: Structure, id: string | undefined): string | undefined {
  return id && structure.program.values.get(id)?.kind === 'parameter' ? id : undefined;
}

export function linearSite(structure: Structure, node: MatMulNode, role: string): LinearSite {
  const weight = node.inputs[1];
  const [rows, columns] = structure.program.values.get(weight)!.shape;
  const { transB } = node.attributes;
  const source = structure.sourceNodes(node).find((n) => n.op === 'MatMul' || n.op === 'Gemm');
  if (!source) throw new Error(`internal: no source node multiplies by ${weight}`);
  const bias = parameterOf(structure, node.inputs[2]);
  return {
    role,
    weight,
    ...(bias === undefined ? {} : { bias }),
    module: moduleOf(weight),
    matmul: source.name,
    input: source.inputs[0],
    output: node.outputs[0],
    inFeatures: transB ? columns : rows,
    outFeatures: transB ? rows : columns,
    stored: transB ? 'outIn' : 'inOut',
  };
}

export function normSite(structure: Structure, node: NormNode, role: string): NormSite {
  const [input, weight, beta] = node.inputs;
  const bias = parameterOf(structure, beta);
  return {
    role,
    weight,
    ...(bias === undefined ? {} : { bias }),
    module: moduleOf(weight),
    input,
    output: node.outputs[0],
  };
}

export function attentionSite(structure: Structure, node: AttentionNode, role: string): AttentionSite {
  const [q, k, v] = node.inputs;
  const sources = structure.sourceNodes(node);
  const inner = new Set(sources.flatMap((source) => source.outputs));
  const masks = sources.flatMap((source) => {
    if (source.op === 'Add') return source.inputs.filter((input) => !inner.has(input));
    return source.op === 'Where' ? [source.inputs[0]] : [];
  });
  const products = sources.filter((source) => source.op === 'MatMul');
  const context = products.at(-1);
  return {
    role,
    q,
    k,
    v,
    output: node.outputs[0],
    heads: node.attributes.heads,
    ...(masks.length === 0 ? {} : { mask: masks[0] }),
    ...(context ? { probabilities: context.inputs[0] } : {}),
  };
}

/**
 * Kinds of embeddings, told apart by what their ids are made of.
 * @param targetLength length of the decoder's texts, which tells its relative positions from the encoder's
 */
export function embeddingSite(
  structure: Structure,
  node: ProgramNode<'Gather'>,
  targetLength: number,
): EmbeddingSite {
  const weight = node.inputs[0];
  const source = structure.sourceNodes(node).find((n) => n.op === 'Gather');
  if (!source) throw new Error(`internal: no source node reads ${weight}`);
  return {
    role:
      relativePositions(structure, node, targetLength) ??
      `embeddings.${embeddingKind(structure, source.inputs[1], node)}`,
    weight,
    module: moduleOf(weight),
    node: source.name,
    ids: source.inputs[1],
    output: node.outputs[0],
  };
}

/** A constant id for every pair of positions: T5's buckets of distances, whose rows are added to the scores. */
function relativePositions(
  structure: Structure,
  node: ProgramNode<'Gather'>,
  targetLength: number,
): string | undefined {
  const ids = structure.program.values.get(node.inputs[1])!;
  const queries = ids.data ? (ids.shape.at(-2) ?? 1) : 1;
  if (queries === 1) return undefined;
  return `${queries === targetLength ? 'decoder' : 'encoder'}.relativePositions`;
}

/**
 * Constant ids are positions, or token types where they are all the same; computed ones are positions
 * where they are counted (RoBERTa), else the input they come from says it.
 */
function embeddingKind(structure: Structure, ids: string, node: ProgramNode<'Gather'>): string {
  const value = structure.program.values.get(node.inputs[1])!;
  if (value.data)
    return value.data.some((id) => id !== value.data![0]) || value.data[0] !== 0 ? 'position' : 'tokenType';
  const { inputs, counts } = ancestry(structure, ids);
  if (counts) return 'position';
  if (inputs.some((name) => /type|segment/.test(name))) return 'tokenType';
  return inputs.some((name) => /position/.test(name)) ? 'position' : 'word';
}

/** The graph inputs a value is computed from, and whether elements are counted on the way. */
function ancestry(structure: Structure, from: string): { inputs: string[]; counts: boolean } {
  const inputs: string[] = [];
  let counts = false;
  const seen = new Set<string>();
  const visit = (value: string): void => {
    if (value === '' || seen.has(value)) return;
    seen.add(value);
    const node = structure.sourceProducer(value);
    if (!node) inputs.push(value);
    else if (node.op !== 'Shape') {
      counts ||= node.op === 'CumSum' || node.op === 'Range';
      node.inputs.forEach(visit);
    }
  };
  visit(from);
  return { inputs, counts };
}
