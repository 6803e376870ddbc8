import { useId, useState, type ChangeEvent } from 'react';
import { chosenFiles } from '../../dropped-files.ts';
import type { MethodDraft } from '../../state/form.ts';
import { problemOf, type Problem } from '../../state/studio-state.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { ProblemNote } from '../problem-note.tsx';

/** A saved adapter that the method starts from, instead of from scratch. */
export function StartField({ draft: { id, init }, name }: { draft: MethodDraft; name: string }) {
  const text = useText().methods;
  const studio = useStudio();
  const hint = useId();
  const [problem, setProblem] = useState<Problem | null>(null);
  const choose = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const list = event.target.files;
    if (list === null || list.length === 0) return;
    const { name: first, files } = chosenFiles(list);
    event.target.value = '';
    setProblem(null);
    try {
      await studio.openAdapter(id, files.length === 1 ? first.replace(/\.zip$/i, '') : `${id}-start`, files);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <div className="start-field">
      {init === undefined ? (
        <label className="button quiet">
          <input
            type="file"
            multiple
            accept=".zip,.json,.safetensors"
            className="visually-hidden"
            aria-label={text.startOf(name)}
            aria-describedby={hint}
            onChange={(event) => void choose(event)}
          />
          {text.start}
        </label>
      ) : (
        <p>
          {text.startsFrom(init)}{' '}
          <button type="button" className="link" onClick={() => studio.dropAdapter(id)}>
            {text.startAfresh}
          </button>
        </p>
      )}
      <p className="hint" id={hint}>
        {text.startHelp}
      </p>
      <ProblemNote problem={problem} />
    </div>
  );
}
