/**
 * Roles from structure. A copy of the model is compiled for a small batch; its attention nodes are
 * found, and from each of them the projections, the residual additions, the norms and the feed-forward
 * linears of its layer. Everything is mapped back to the source nodes and values it came from.
 */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import { attentionSite, embeddingSite, linearSite, normSite } from './analyse/sites.ts';
import { isNorm, Structure } from './analyse/structure.ts';
import type { AttentionNode, MatMulNode, NormNode } from './analyse/structure.ts';
import { compileForward } from './compile.ts';
import type { AnyNode, ProgramNode } from './program.ts';
import type { Roles } from './roles.ts';
import type { Parameter, SourceGraph } from './source.ts';

/** Different small sizes, so that shapes are unambiguous; every model has eight positions. */
const BATCH = 2;
const LENGTH = 8;
const TARGET_LENGTH = 6;

/**
 * Finds what each place of an encoder, or of an encoder and decoder, is.
 * @param config the model's config.json; only its `model_type` is read, for messages
 * @throws StudioError('unsupported') where no attention is found or a layer is not a transformer's
 */
export function analyse(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
  config: Readonly<Record<string, unknown>> = {},
): Roles {
  const lengthOf = (input: string): number => (input.startsWith('decoder_') ? TARGET_LENGTH : LENGTH);
  const inputShapes = Object.fromEntries(graph.inputs.map(({ name }) => [name, [BATCH, lengthOf(name)]]));
  const { program } = compileForward(graph, parameters, { inputShapes, mode: 'train' });
  const analysis = new Analysis(new Structure(program, graph), graph.name, config);
  return analysis.run();
}

class Analysis {
  private readonly structure: Structure;
  private readonly model: string;
  private readonly seen = new Set<AnyNode | ProgramNode>();
  private readonly roles: Roles = {
    linears: [],
    norms: [],
    embeddings: [],
    attentions: [],
    sublayers: [],
    layers: { encoder: 0, decoder: 0 },
    hidden: 0,
    encoderOutput: '',
  };

  constructor(structure: Structure, graphName: string, config: Readonly<Record<string, unknown>>) {
    this.structure = structure;
    this.model =
      typeof config['model_type'] === 'string' ? `${config['model_type']} (${graphName})` : graphName;
  }

  run(): Roles {
    const { nodes } = this.structure.program;
    const attentions = nodes.filter((node) => node.op === 'Attention') as AnyNode[] as AttentionNode[];
    if (attentions.length === 0)
      throw new StudioError(
        'unsupported',
        say`${this.model}: no attention was found in the graph, so there are no layers to tune: choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.`,
      );
    const { roles } = this;
    let first: Layer | undefined;
    let last: Layer | undefined;
    while (attentions.length > 0 && !this.isDecoders(attentions[0])) {
      last = this.layer(`encoder.${roles.layers.encoder++}`, attentions.shift()!);
      first ??= last;
    }
    roles.encoderOutput = last ? this.stackOutput(last, 'encoder.norm') : '';
    const decoders = attentions.length > 0;
    while (attentions.length > 0) {
      const self = attentions.shift()!;
      const cross = attentions[0] && this.readsOther(attentions[0]) ? attentions.shift() : undefined;
      last = this.layer(`decoder.${roles.layers.decoder++}`, self, cross);
      first ??= last;
    }
    if (decoders) this.stackOutput(last!, 'decoder.norm');
    const { shape } = this.structure.program.values.get(roles.encoderOutput || last!.output)!;
    roles.hidden = shape[shape.length - 1];
    this.embeddings(first!);
    this.rest();
    return roles;
  }

  /** Its queries are the target's. */
  private isDecoders(attention: AttentionNode): boolean {
    return this.structure.program.values.get(attention.inputs[0])!.shape[1] === TARGET_LENGTH;
  }

  /** Keys and values of another text than the queries: attention across. */
  private readsOther(attention: AttentionNode): boolean {
    const [q, k] = attention.inputs.map((input) => this.structure.linearInto(input));
    return q !== undefined && k !== undefined && q.inputs[0] !== k.inputs[0];
  }

  private linear(node: MatMulNode | undefined, role: string): void {
    if (!node || this.seen.has(node)) return;
    this.seen.add(node);
    this.roles.linears.push(linearSite(this.structure, node, role));
  }

  private norm(node: NormNode | undefined, role: string): void {
    if (!node || this.seen.has(node)) return;
    this.seen.add(node);
    this.roles.norms.push(normSite(this.structure, node, role));
  }

  /** One transformer layer around its attentions, norms before the sub-layers or after them. */
  private layer(name: string, self: AttentionNode, cross?: AttentionNode): Layer {
    const { structure } = this;
    const first = this.attention(self, name, 'self');
    const second = cross ? this.attention(cross, name, 'cross') : undefined;
    const { sum, normFirst, role } = second ?? first;
    const between = structure.normOf(sum);
    this.norm(between, normFirst ? `${name}.ffn.norm` : `${role}.norm`);
    const entry = between ? between.outputs[0] : sum;
    const out = this.feedForward(entry, `${name}.ffn`);
    const end = out && structure.joins(out.outputs[0], new Set([entry, sum]));
    if (!end) throw this.notALayer(name, say`its feed-forward part was not found`);
    const result = end.add.outputs[0];
    this.sublayer(`${name}.ffn`, end, result);
    const after = normFirst ? undefined : structure.normOf(result);
    this.norm(after, `${name}.ffn.norm`);
    return { residual: first.residual, output: after ? after.outputs[0] : result };
  }

  /** An attention with its projections and its residual addition; the norm before it, where norms come first. */
  private attention(
    attention: AttentionNode,
    name: string,
    block: 'self' | 'cross',
  ): { role: string; residual: string; sum: string; normFirst: boolean } {
    const { structure, roles } = this;
    const role = `${name}.${block}`;
    roles.attentions.push(attentionSite(structure, attention, role));
    const [q, k, v] = attention.inputs.map((input) => structure.linearInto(input));
    const [o] = structure.linearsOf(attention.outputs[0]);
    if (!q || !o) throw this.notALayer(name, say`its attention has no query or output projection`);
    if (q === k || q === v)
      throw this.notALayer(name, say`one projection makes its queries, keys and values`);
    this.linear(q, `${role}.q`);
    this.linear(k, `${role}.k`);
    this.linear(v, `${role}.v`);
    this.linear(o, `${role}.o`);
    const input = q.inputs[0];
    const before = structure.normInto(input);
    const join = structure.joins(o.outputs[0], new Set([input, ...(before ? [before.inputs[0]] : [])]));
    if (!join) throw this.notALayer(name, say`its attention is not added back to its input`);
    const sum = join.add.outputs[0];
    const normFirst = join.residual !== input;
    this.sublayer(role, join, sum);
    if (normFirst) this.norm(before, `${role}.norm`);
    return { role, residual: join.residual, sum, normFirst };
  }

  /** in, out and, where two linears meet in a product, gate (the activated one). Returns out. */
  private feedForward(entry: string, name: string): MatMulNode | undefined {
    const { structure } = this;
    const inner = structure.linearsOf(entry).flatMap((linear) => {
      const after = structure.linearAfter(linear.outputs[0]);
      return after ? [{ in: linear, out: after.linear, activated: after.activated }] : [];
    });
    const [first] = inner;
    if (!first) return undefined;
    const gated = inner.length === 2 && inner[0].out === inner[1].out;
    const gate = gated ? inner.find((part) => part.activated) : undefined;
    this.linear(gate?.in, `${name}.gate`);
    this.linear(inner.find((part) => part !== gate)?.in, `${name}.in`);
    this.linear(first.out, `${name}.out`);
    return first.out;
  }

  private sublayer(
    role: string,
    join: { add: AnyNode; output: string; residual: string },
    sum: string,
  ): void {
    const source = this.structure.sourceNodes(join.add).find((node) => node.outputs.includes(sum));
    if (!source) throw new Error(`internal: no source node adds ${join.output}`);
    this.roles.sublayers.push({ role, input: join.residual, output: join.output, add: source.name, sum });
  }

  /** A norm over the whole stack's result ends stacks whose layers normalise first. Returns that result. */
  private stackOutput(last: Layer, role: string): string {
    const { structure } = this;
    const final = structure.normOf(last.output);
    if (!final || structure.normInto(last.output) !== undefined) return last.output;
    this.norm(final, role);
    return final.outputs[0];
  }

  /** From the first layer's residual stream back to the tables. */
  private embeddings(first: Layer): void {
    const { structure, roles } = this;
    const project = structure.linearInto(first.residual, 3);
    this.linear(project, 'embeddings.project');
    this.norm(structure.normInto(project ? project.inputs[0] : first.residual), 'embeddings.norm');
    for (const node of structure.program.nodes) {
      if (node.op !== 'Gather') continue;
      const table = structure.program.values.get(node.inputs[0])!;
      if (table.kind === 'parameter' && !table.id.startsWith('delta.'))
        roles.embeddings.push(embeddingSite(structure, node, TARGET_LENGTH));
    }
  }

  /** What is left after the last layer: the pooler and the head. */
  private rest(): void {
    const { structure, roles } = this;
    const tables = new Set(roles.embeddings.map((site) => site.weight));
    let norms = 0;
    for (const node of structure.program.nodes) {
      if (structure.isLinear(node)) {
        const site = linearSite(structure, node, '');
        const pooler = /(^|\.)pooler(\.|$)/.test(site.module);
        const tied = roles.layers.decoder > 0 ? 'lm_head' : 'decoder';
        const name = tables.has(site.weight) ? tied : site.module;
        this.linear(node, pooler ? 'pooler' : `head.${name}`);
      } else if (isNorm(node)) {
        const role = norms === 0 ? 'head.norm' : `head.norm.${norms}`;
        if (!this.seen.has(node)) norms++;
        this.norm(node, role);
      }
    }
  }

  private notALayer(name: string, why: Sentence): StudioError {
    return new StudioError(
      'unsupported',
      say`${this.model}: ${name} is not a transformer layer we recognise, for ${why}; choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.`,
      { where: name },
    );
  }
}

interface Layer {
  /** Residual stream entering the layer. */
  residual: string;
  /** Residual stream leaving it (normalised, where norms come last). */
  output: string;
}
