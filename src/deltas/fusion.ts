/**
 * AdapterFusion (Pfeiffer et al., 2021): several bottleneck adapters that were trained before stay frozen side by side,
 * and at each of their places an attention over what they give is trained. With u what the adapters read there, aᵢ what
 * the i-th gives, and d the model's width:
 *
 *   q = u·W_q + b_q,  kᵢ = aᵢ·W_k + b_k,  vᵢ = aᵢ·W_v        of each token
 *   p = softmax over i of q·kᵢ                               not divided by √d
 *   Σ pᵢ·vᵢ takes the place of an adapter's own output       in the residual of adapter.ts
 *
 * W_q and W_k start N(0, 0.02²) with zero biases, W_v as the identity with 1e-6 beside its diagonal; a penalty
 * λ·‖I − W_v‖² holds it near. Step 0 is about the mean of the adapters, not the untouched model. As AdapterHub computes,
 * names and keeps it (`adapter_fusion_config.json`, configuration "dynamic", without its dropout).
 *
 * Here the keys and values of the adapters are never made: q·kᵢ = (q·W_kᵀ)·aᵢ + q·b_k and Σ pᵢ·vᵢ = (Σ pᵢ·aᵢ)·W_v,
 * three products of the model's width whatever the number of adapters.
 */
import { StudioError } from '../errors.ts';
import { floatInitializer } from '../graph/tensor.ts';
import { field, say } from '../sentence.ts';
import { bottleneckNodes } from './adapter.ts';
import { hubFusionConfig, hubFusionPlace } from './adapter-hub.ts';
import { isParallel } from './adapter-options.ts';
import { Chain } from './beside.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { FragmentChain } from './fragment.ts';
import { reduceSumNode, sliceNode } from './nodes.ts';
import type { OpenedAdapter } from './opened-adapter.ts';
import { Rewriter } from './rewrite.ts';
import type { Penalty } from './rules.ts';
import { addAtSublayers, type Branch, type Sublayer } from './sublayers.ts';
import { TensorTable } from './tensors.ts';

export interface FusionOptions {
  type: 'fusion';
  /** Folders of two trained adapters or more. */
  adapters?: string[];
  /** λ. */
  penalty: number;
}

/** AdapterHub's start of W_q and W_k, and of W_v beside its diagonal. */
const DEVIATION = 0.02;
const OFF_DIAGONAL = 1e-6;

/**
 * @throws StudioError('spec') for fewer than two adapters or places that differ, ('adapter-file') for a folder that is
 *   none or fits another model, ('unsupported') as adapters do
 */
export function fusion(model: DeltaModel, options: FusionOptions, seed: number): Delta {
  const members = named(membersOf(model, options.adapters ?? []));
  const [{ options: shape }] = members;
  const name = members.map((member) => member.name).join(',');
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const values = new Set<string>();
  addAtSublayers(rewriter, model, { type: 'fusion', placement: shape.placement }, (at, u) => {
    const given = members.map((member, i) => frozen(at, member, i, u));
    const weights = attentionWeights(at, tensors, name);
    values.add(weights.value);
    return attention(at, u, given, weights);
  });
  const { penalty } = options;
  return {
    type: 'fusion',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: '',
    moved: rewriter.moved,
    ...(penalty > 0 && {
      training: { penalties: [nearIdentity([...values], model.roles.hidden, penalty)] },
    }),
    peftConfig: null,
    hubConfig: hubFusionConfig(model, name, penalty > 0),
    fused: members,
  };
}

/** @throws StudioError as `fusion` */
function membersOf({ adapters: opened }: DeltaModel, folders: readonly string[]): OpenedAdapter[] {
  if (folders.length < 2)
    throw new StudioError(
      'spec',
      say`${field('method.adapters')}: fusion is over two trained adapters or more, and ${folders.length} are named; add folders of earlier runs of the method "adapter".`,
      { where: 'method.adapters' },
    );
  const members = folders.map((folder, i): OpenedAdapter => {
    const where = `method.adapters[${i}]`;
    if (folders.indexOf(folder) !== i)
      throw new StudioError(
        'spec',
        say`${field(where)}: ${folder} is named twice; leave out one of them, since a fusion chooses between adapters that differ.`,
        { where },
      );
    const found = opened?.get(folder);
    if (found === undefined)
      throw new StudioError(
        'adapter-file',
        say`${field(where)}: the adapter "${folder}" is not open here; choose its files under the options of its method.`,
        { where },
      );
    if (found instanceof StudioError) throw found;
    return found;
  });
  for (const [i, { options }] of members.entries()) {
    const where = `method.adapters[${i}]`;
    if (isParallel(options))
      throw new StudioError(
        'spec',
        say`${field(where)}: the adapters of ${folders[i]} stand beside their sub-layer (placement "${options.placement}"), and a fusion is over adapters behind it; train them with the placement "pfeiffer", "ffn" or "both".`,
        { where },
      );
    const [{ options: first }] = members;
    if (options.placement !== first.placement)
      throw new StudioError(
        'spec',
        say`${field(where)}: the adapters of ${folders[i]} have the placement "${options.placement}" and those of ${folders[0]} "${first.placement}"; all of a fusion stand in the same places, so train one of them again.`,
        { where },
      );
  }
  return members;
}

/** Names as files and AdapterHub's modules have them: no dots or commas, and each once. */
function named(members: readonly OpenedAdapter[]): OpenedAdapter[] {
  const taken = new Set<string>();
  return members.map((member) => {
    const plain = member.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_');
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}`;
    taken.add(name);
    return { ...member, name };
  });
}

/** What one adapter gives at a place. Uses of a shared layer share its weights. */
function frozen(
  { rewriter, module, path }: Sublayer,
  member: OpenedAdapter,
  index: number,
  u: string,
): Branch {
  const own = `${path}/adapter${index}`;
  const part = (name: string): string => {
    const key = `delta.fusion.adapter${index}.${module}.${name}`;
    if (rewriter.graph.initializers.has(key)) return key;
    const tensor = member.tensors.find((one) => one.name === `delta.adapter.${module}.${name}`);
    if (tensor === undefined)
      throw new Error(`internal: the adapter ${member.name} has no ${name} at ${module}`);
    return rewriter.addInitializer(floatInitializer(key, tensor.dims, tensor.data));
  };
  const weights = {
    nodes: [],
    down: part('down.weight'),
    downBias: part('down.bias'),
    up: part('up.weight'),
    upBias: part('up.bias'),
  };
  const { nodes, branch } = bottleneckNodes(rewriter, own, u, weights, member.options.activation);
  if (member.options.learnedScale !== true) return { nodes, branch };
  const scaled = rewriter.node(`${own}/Mul`, 'Mul', [branch, part('scale')]);
  return { nodes: [...nodes, scaled], branch: scaled.outputs[0] };
}

interface AttentionWeights {
  /** [in, out] */
  query: string;
  queryBias: string;
  /** [out, in]: what is multiplied is its transpose. */
  key: string;
  keyBias: string;
  /** [in, out] */
  value: string;
}

function attentionWeights(at: Sublayer, tensors: TensorTable, name: string): AttentionWeights {
  const { model, site, module } = at;
  const { hidden } = model.roles;
  const prefix = `delta.fusion.${module}`;
  const file = (part: string, transposed = false) =>
    hubFusionPlace(model, site, module, name, part, transposed);
  const square = [hidden, hidden];
  return {
    query: tensors.normal(`${prefix}.query.weight`, square, file('query.weight', true), DEVIATION),
    queryBias: tensors.zeros(`${prefix}.query.bias`, [hidden], file('query.bias')),
    key: tensors.normal(`${prefix}.key.weight`, square, file('key.weight'), DEVIATION),
    keyBias: tensors.zeros(`${prefix}.key.bias`, [hidden], file('key.bias')),
    value: tensors.add(`${prefix}.value.weight`, square, file('value.weight', true), () =>
      diagonal(hidden, OFF_DIAGONAL),
    ),
  };
}

/** Ones on the diagonal of a square matrix. */
function diagonal(width: number, rest: number): Float32Array {
  return Float32Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : rest));
}

/** Σ pᵢ·vᵢ, and the nodes that compute it from what the adapters give. */
function attention(
  { model, rewriter, path }: Sublayer,
  u: string,
  given: readonly Branch[],
  weights: AttentionWeights,
): Branch {
  const { hidden } = model.roles;
  const chain = new Chain(rewriter, `${path}/fusion`);
  const product = chain.op('query/MatMul', 'MatMul', [u, weights.query]);
  const query = chain.op('query/Add', 'Add', [product, weights.queryBias]);
  const turned = chain.op('key/MatMul', 'MatMul', [query, weights.key]);
  const scores = given.map(({ branch }, i) => {
    const products = chain.op(`scores${i}/Mul`, 'Mul', [turned, branch]);
    const sum = reduceSumNode(rewriter, `${chain.path}/scores${i}/ReduceSum`, products, 2, true);
    chain.nodes.push(sum);
    return sum.outputs[0];
  });
  // The same for all adapters, so that no probability depends on it; AdapterHub trains it all the same.
  const bias = chain.reshaped('key/bias', weights.keyBias, [hidden, 1]);
  const shift = chain.op('key/shift', 'MatMul', [query, bias]);
  const all = chain.op('scores/Add', 'Add', [
    chain.op('scores/Concat', 'Concat', scores, { axis: 2 }),
    shift,
  ]);
  const shares = chain.op('Softmax', 'Softmax', [all], { axis: 2 });
  const parts = given.map(({ branch }, i) => {
    const share = sliceNode(rewriter, `${chain.path}/share${i}`, shares, 2, [i, i + 1]);
    chain.nodes.push(share);
    return chain.op(`share${i}/Mul`, 'Mul', [branch, share.outputs[0]]);
  });
  const mixed = parts.reduce((one, other) => chain.op('Add', 'Add', [one, other]));
  const branch = chain.op('value/MatMul', 'MatMul', [mixed, weights.value]);
  return { nodes: [...given.flatMap(({ nodes }) => nodes), ...chain.nodes], branch };
}

/** Σ ‖I − W_v‖² over the places. */
function nearIdentity(values: readonly string[], hidden: number, weight: number): Penalty {
  const chain = new FragmentChain('fusion.penalty');
  const identity = chain.constant(
    floatInitializer('fusion.penalty.identity', [hidden, hidden], diagonal(hidden, 0)),
  );
  const squares = values.map((value) => {
    const rest = chain.op('Sub', [value, identity]);
    return chain.op('ReduceSum', [chain.op('Mul', [rest, rest])], { keepdims: 0 });
  });
  const value = squares.reduce((one, other) => chain.op('Add', [one, other]));
  const { nodes, initializers } = chain;
  return { nodes, initializers, value, weight: { kind: 'constant', value: weight } };
}
