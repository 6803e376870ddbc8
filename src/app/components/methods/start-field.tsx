import { useId, useState, type ChangeEvent } from 'react';
import { SOURCE_WEIGHTS, type SourceWeights } from '../../../runs/prompt-transfer.ts';
import { chosenFiles } from '../../dropped-files.ts';
import type { FolderFile } from '../../../protocol/messages.ts';
import { startNames, takesSeveral, type StartPlace } from '../../state/draft-starts.ts';
import type { MethodDraft } from '../../state/form.ts';
import { problemOf, type Problem } from '../../state/studio-state.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { EarlierRuns } from './earlier-runs.tsx';

/** What the method reads of earlier runs: what it starts from instead of from scratch, and prompts of other tasks. */
export function StartField({ draft, name }: { draft: MethodDraft; name: string }) {
  const text = useText().methods;
  const { type, init, prompts } = draft;
  if (type !== 'ipt')
    return (
      <>
        {type === 'fusion' && (
          <Adapters
            draft={draft}
            place="adapters"
            label={text.addTrained}
            full={text.addTrainedTo(name)}
            help={text.trainedHelp}
          />
        )}
        <Adapters
          draft={draft}
          place="init"
          label={text.start}
          full={text.startOf(name)}
          help={text.startHelp}
        />
        {Array.isArray(init) && <Weights draft={draft} name={name} />}
      </>
    );
  return (
    <>
      {init === undefined && (
        <Adapters
          draft={draft}
          place="prompts"
          label={text.prompts}
          full={text.promptsOf(name)}
          help={text.promptsHelp}
        />
      )}
      {prompts === undefined && (
        <Adapters
          draft={draft}
          place="init"
          label={text.subspace}
          full={text.subspaceOf(name)}
          help={text.subspaceHelp}
        />
      )}
    </>
  );
}

/** How several prompts count, and by which of this task. */
function Weights({ draft, name }: { draft: MethodDraft; name: string }) {
  const text = useText();
  const studio = useStudio();
  const id = useId();
  const { initWeights = 'equal' } = draft;
  return (
    <div className="start-field">
      <label htmlFor={id}>{text.specFields.initWeights}</label>
      <select
        id={id}
        aria-label={`${name}: ${text.specFields.initWeights}`}
        value={initWeights}
        onChange={(event) => studio.setStartWeights(draft.id, event.target.value as SourceWeights)}
      >
        {SOURCE_WEIGHTS.map((how) => (
          <option key={how} value={how}>
            {text.methods.sourceWeights[how]}
          </option>
        ))}
      </select>
      {initWeights !== 'equal' && (
        <Adapters
          draft={draft}
          place="initLike"
          label={text.specFields.initLike}
          full={`${name}: ${text.specFields.initLike}`}
          help={text.methods.startHelp}
        />
      )}
    </div>
  );
}

const PLACES: readonly StartPlace[] = ['init', 'initLike', 'prompts', 'adapters'];

interface AdaptersProps {
  draft: MethodDraft;
  place: StartPlace;
  label: string;
  /** Its name for screen readers. */
  full: string;
  help: string;
}

/** Saved adapters in one place of a card: those that stand there, and a button for one more. */
function Adapters({ draft, place, label, full, help }: AdaptersProps) {
  const text = useText().methods;
  const studio = useStudio();
  const hint = useId();
  const [problem, setProblem] = useState<Problem | null>(null);
  const names = startNames(draft, place);
  const several = takesSeveral(draft.type, place);
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const list = event.target.files;
    if (list === null || list.length === 0) return;
    const groups = several ? adaptersIn(list) : [chosenFiles(list)];
    event.target.value = '';
    void open(groups.map(({ name: first, files }) => ({ name: ownName(first, files), files })));
  };
  const ownName = (first: string, files: readonly FolderFile[]): string =>
    files.length === 1 ? first.replace(/\.zip$/i, '') : `${draft.id}-start`;
  const open = async (groups: readonly Chosen[]): Promise<void> => {
    setProblem(null);
    // What stands in the card's other places keeps its name; where there is one place its name is free again.
    const taken = new Set(PLACES.flatMap((one) => (several || one !== place ? startNames(draft, one) : [])));
    try {
      for (const { name: own, files } of groups) {
        const free = freeName(own, taken);
        taken.add(free);
        await studio.openAdapter(draft.id, free, files, place);
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <div className="start-field">
      {names.map((one) => (
        <p key={one}>
          {place === 'init' && draft.type !== 'ipt' ? text.startsFrom(one) : one}{' '}
          <button type="button" className="link" onClick={() => studio.dropAdapter(draft.id, place, one)}>
            {several ? text.without(one) : text.startAfresh}
          </button>
        </p>
      ))}
      {(several || names.length === 0) && (
        <label className="button quiet">
          <input
            type="file"
            multiple
            accept=".zip,.json,.safetensors"
            className="visually-hidden"
            aria-label={names.length === 0 ? full : text.anotherPromptOf(full)}
            aria-describedby={hint}
            onChange={choose}
          />
          {names.length === 0 ? label : text.anotherPrompt}
        </label>
      )}
      {(several || names.length === 0) && (
        <EarlierRuns
          type={draft.type}
          place={place}
          label={full}
          onChoose={(chosen) => void open([chosen])}
        />
      )}
      <p className="hint" id={hint}>
        {help}
      </p>
      <ProblemNote problem={problem} />
    </div>
  );
}

/** The files of one adapter, and what it is called. */
interface Chosen {
  name: string;
  files: FolderFile[];
}

/** Each zip is an adapter of its own; other files are one together. */
function adaptersIn(list: FileList): Chosen[] {
  const { name, files } = chosenFiles(list);
  if (!files.every(({ path }) => /\.zip$/i.test(path))) return [{ name, files }];
  return files.map((file) => ({ name: file.path, files: [file] }));
}

/** Adapters of several runs are often called alike. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  return free;
}
