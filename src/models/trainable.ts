/** Whether a model can be trained: the one decision, by which `inspect` reports and training refuses. */
import { StudioError } from '../errors.ts';
import { analyse } from '../graph/analyse.ts';
import type { Roles } from '../graph/roles.ts';
import { refusalOf } from '../onnx/refuse.ts';
import { listed, say, type Sentence } from '../sentence.ts';
import { familyName, unseenFeatures, untrainableFeatures } from './families.ts';
import { prepareForTask } from './heads.ts';
import type { Model } from './model.ts';

export interface Trainability {
  /** Null for a model that can be trained. */
  refusal: StudioError | null;
  /** Null where the graph was not understood. */
  roles: Roles | null;
}

const DECIDED = new WeakMap<Model, Trainability>();

/** The decision about a model as it was loaded, made once. */
export function trainability(model: Model): Trainability {
  const known = DECIDED.get(model);
  if (known) return known;
  const decided = decide(model);
  DECIDED.set(model, decided);
  return decided;
}

/** @throws StudioError naming the family and the feature that is not trained */
export function requireTrainable(model: Model): void {
  const { refusal } = trainability(model);
  if (refusal) throw refusal;
}

function decide(model: Model): Trainability {
  if (model.unsupported.length > 0) return { refusal: refusalOf(model.unsupported, model.file), roles: null };
  try {
    // The graph that is trained: with the classifier it has, or a fresh one on its last hidden state.
    const trained = withSomeHead(model);
    const roles = analyse(trained.graph, trained.parameters, model.config);
    const unseen = unseenFeatures(model);
    if (unseen.length > 0) return { refusal: lacking(model, unseen), roles: null };
    return { refusal: null, roles: ownRoles(model) ?? roles };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { refusal: explained(model, error), roles: null };
  }
}

function withSomeHead(model: Model): Model {
  if (model.task === 'text2text') return model;
  const labels = model.labels.length > 1 ? model.labels : ['LABEL_0', 'LABEL_1'];
  const masked = model.graph.inputs.some(({ name }) => name === 'attention_mask');
  return prepareForTask(model, {
    task: 'classification',
    labels,
    pooling: masked ? 'mean' : 'first',
    seed: 0,
  });
}

/** Roles with the head that the file has; null where that head is not understood and the encoder is. */
function ownRoles(model: Model): Roles | null {
  try {
    return analyse(model.graph, model.parameters, model.config);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return null;
  }
}

function lacking(model: Model, features: readonly Sentence[], cause?: StudioError): StudioError {
  const named = familyName(model) ?? say`This model`;
  return new StudioError(
    'unsupported',
    say`${model.file}: ${named} has ${listed(features)}, which cannot be trained yet; choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.`,
    { where: 'model.source', cause },
  );
}

/** Says what the model is and has, where that is known, instead of where its graph was not understood. */
function explained(model: Model, error: StudioError): StudioError {
  const features = untrainableFeatures(model);
  return features.length > 0 ? lacking(model, features, error) : error;
}
