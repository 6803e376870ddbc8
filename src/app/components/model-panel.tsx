import type { ChangeEvent } from 'react';
import { isPair } from '../../models/builtin.ts';
import { builtinModels } from '../builtin-models.ts';
import { chosenFiles } from '../dropped-files.ts';
import { formatBytes, formatCount } from '../format.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { DropZone } from './drop-zone.tsx';
import { HubChoice } from './hub-choice.tsx';
import { ModelTreeView } from './model-tree.tsx';
import { Notes } from './notes.tsx';
import { Panel } from './panel.tsx';
import { ProblemNote } from './problem-note.tsx';

/** The built-in models, a family in a row. */
const FAMILIES = [false, true]
  .map((pair) => builtinModels.filter((name) => isPair(`builtin:${name}`) === pair))
  .filter((names) => names.length > 0);

/** The model: built in, or a folder of one's own. */
export function ModelPanel() {
  const text = useText();
  const studio = useStudio();
  const { model, before, again, busy } = useStudioState((state) => ({
    model: state.model,
    before: state.before.model,
    again: state.again.model,
    busy: state.session !== 'idle',
  }));
  const unusable = model.value?.problem ?? null;
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const list = event.target.files;
    if (list !== null && list.length > 0) {
      const { name, files } = chosenFiles(list);
      void studio.loadModel({ kind: 'files', name, files });
    }
    event.target.value = '';
  };
  return (
    <Panel
      title={text.modelTitle}
      step={2}
      folds={model.value?.name ?? true}
      keepOpen={model.problem !== null || unusable !== null}
      aside={model.loading && <span className="muted">{text.loading}</span>}
    >
      <ModelFacts />
      {again !== null && <p className="problem">{text.race.chooseAgain(again)}</p>}
      <ProblemNote problem={model.problem} />
      <ProblemNote problem={unusable && { message: unusable, internal: false }} />
      {model.value === null && !model.loading && before !== null && (
        <button type="button" className="link" onClick={() => void studio.goBackToModel()}>
          {text.race.goBack(before)}
        </button>
      )}
      <DropZone disabled={busy}>
        <p className="hint" id="builtin-models">
          {text.modelStep.builtinHelp}
        </p>
        <div role="group" aria-labelledby="builtin-models">
          {FAMILIES.map((names) => (
            <div key={names[0]} className="choices three">
              {names.map((name) => (
                <button
                  key={name}
                  type="button"
                  disabled={busy}
                  onClick={() => void studio.loadModel({ kind: 'builtin', name })}
                >
                  {text.modelStep.builtin[name] ?? name}
                </button>
              ))}
            </div>
          ))}
        </div>
        <div className="choices">
          <label className="button">
            <input
              type="file"
              multiple
              disabled={busy}
              className="visually-hidden"
              ref={(input) => input?.setAttribute('webkitdirectory', '')}
              onChange={choose}
            />
            {text.modelFolder}
          </label>
        </div>
        <p className="hint">{text.modelDrop}</p>
      </DropZone>
      <HubChoice disabled={busy} />
      <ModelTreeView />
    </Panel>
  );
}

function ModelFacts() {
  const text = useText();
  const model = useStudioState((state) => state.model.value);
  if (model === null) return null;
  const facts = [
    model.architecture,
    text.parameters(formatCount(model.parameters)),
    ...(model.layers === null || model.hiddenSize === null
      ? []
      : [text.modelFacts(model.layers, model.hiddenSize)]),
    ...(model.vocabularySize === null ? [] : [text.vocabulary(formatCount(model.vocabularySize))]),
    ...(model.maxPositions === null ? [] : [text.longest(model.maxPositions)]),
    model.tasks.includes('text2text')
      ? text.modelStep.writes
      : model.hasClassifier
        ? text.ownHead
        : text.freshHead,
    `ONNX opset ${model.opset}, ${formatBytes(model.bytes)}`,
  ];
  return (
    <div className="facts">
      <p className="facts-name">{model.name}</p>
      <p className="muted">{facts.join(' · ')}</p>
      <Notes notes={model.notes} />
    </div>
  );
}
