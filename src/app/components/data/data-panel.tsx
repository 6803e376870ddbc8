import type { ReadingChoices } from '../../../data/reading.ts';
import { formatCount } from '../../format.ts';
import { demosFor } from '../../state/demos.ts';
import { hubEndpoint } from '../../state/hub-endpoint.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { DropZone } from '../drop-zone.tsx';
import { HubData } from '../hub-data.tsx';
import { Notes } from '../notes.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { BadRows } from './bad-rows.tsx';
import { ReadingChoice } from './reading-choice.tsx';
import { Classes } from './classes.tsx';
import { ColumnChoice } from './column-choice.tsx';
import { ColumnQuestion } from './column-question.tsx';
import { DataLook } from './data-look.tsx';
import { FileButton } from './file-button.tsx';
import { heldOutWords } from './held-out-words.ts';
import { MoreTasks } from './more-tasks.tsx';
import { Words } from './words.tsx';

/** The dataset: built in, or files of one's own, with the columns to read and a look at what is in them. */
export function DataPanel() {
  const text = useText();
  const studio = useStudio();
  const { data, own, before, again, tasks, busy } = useStudioState((state) => ({
    data: state.data,
    own: state.dataSource.kind === 'files' ? state.dataSource : null,
    before: state.before.data,
    again: state.again.data,
    tasks: state.model.value?.tasks ?? null,
    busy: state.session !== 'idle',
  }));
  const problem = data.value?.problem ?? null;
  return (
    <Panel
      title={text.dataTitle}
      step={1}
      folds={data.value?.name ?? true}
      keepOpen={data.problem !== null || problem !== null}
      aside={
        data.loading && (
          <>
            <span className="muted">{text.loading}</span>{' '}
            <button type="button" className="quiet" onClick={() => studio.cancelReading()}>
              {text.dataStep.giveUp}
            </button>
          </>
        )
      }
    >
      <DropZone disabled={busy}>
        <div className="choices">
          {demosFor(tasks ?? []).map((name, i) => (
            <button
              key={name}
              type="button"
              disabled={busy}
              onClick={() => void studio.loadData({ kind: 'builtin', name })}
            >
              {i === 0 ? text.dataBuiltin : text.dataStep.otherDemo}
            </button>
          ))}
          <FileButton
            label={text.dataTrain}
            disabled={busy}
            onFile={(file) => void studio.loadData({ kind: 'files', train: file, validation: null })}
          />
          {own !== null && (
            <FileButton
              label={text.dataValidation}
              disabled={busy}
              onFile={(validation) => void studio.loadData({ ...own, validation })}
            />
          )}
          {own !== null && (
            <FileButton
              label={text.dataStep.testFile}
              disabled={busy}
              onFile={(test) => void studio.loadData({ ...own, test })}
            />
          )}
        </div>
        <p className="hint">{text.dataDrop}</p>
      </DropZone>
      <HubData
        action={text.modelStep.hubLoad}
        disabled={busy}
        onTake={(reference) => void studio.loadData({ kind: 'hub', reference, endpoint: hubEndpoint() })}
      />
      {again !== null && <p className="problem">{text.race.chooseAgain(again)}</p>}
      <ProblemNote problem={data.problem} />
      {data.value === null && !data.loading && before !== null && (
        <button type="button" className="link" onClick={() => void studio.goBackToData()}>
          {text.race.goBack(before)}
        </button>
      )}
      <BadRows rows={data.problem?.details ?? []} question={data.problem?.question} disabled={busy} />
      <ReadingChoice disabled={busy} />
      <DataFacts />
      {problem !== null && (
        <>
          <ProblemNote problem={{ message: problem.message, internal: false }} />
          <BadRows rows={problem.rows} question={problem.question} disabled={busy} />
          <ColumnQuestion question={problem.question} disabled={busy} />
          {problem.rows.length === 0 && problem.question?.kind !== 'column' && (
            <p className="hint">{text.dataStep.fix}</p>
          )}
        </>
      )}
      {data.value !== null && (
        <>
          <ColumnChoice data={data.value} disabled={busy} />
          <Words data={data.value} disabled={busy} />
          {data.value.classes.length > 0 && <Classes data={data.value} />}
          <DataLook data={data.value} set={0} />
          <MoreTasks data={data.value} disabled={busy} />
        </>
      )}
    </Panel>
  );
}

function DataFacts() {
  const text = useText();
  const studio = useStudio();
  const { data, held, source, busy } = useStudioState((state) => ({
    // With a share held out for the test, once that has been looked at.
    held: state.looks[0].value?.rows,
    data: state.data.value,
    source: state.dataSource,
    busy: state.session !== 'idle',
  }));
  if (data === null) return null;
  const { reading = {} } = data;
  const { train, validation, test } = held ?? data.rows;
  const rows = text.dataRows(formatCount(train), formatCount(validation));
  const tested = test === undefined ? [] : [text.dataStep.testRows(formatCount(test))];
  return (
    <div className="facts">
      <p className="facts-name">{data.name}</p>
      <p className="muted">{[rows, ...tested, ...heldOutWords(data, text)].join(' · ')}</p>
      {data.files.test !== undefined && source.kind === 'files' && (
        <button
          type="button"
          className="link"
          disabled={busy}
          onClick={() => void studio.loadData({ ...source, test: null })}
        >
          {text.dataStep.withoutTest(data.files.test)}
        </button>
      )}
      <Notes notes={data.notes} />
      {(reading.invalidRows === 'skip' || reading.missing === 'drop') && (
        <Again
          label={text.dataStep.keep}
          reading={{ invalidRows: undefined, missing: undefined }}
          disabled={busy}
        />
      )}
      {reading.missingValues !== undefined && (
        <Again label={text.dataStep.askAgain} reading={{ missingValues: undefined }} disabled={busy} />
      )}
    </div>
  );
}

/** Takes back what was said about single rows. */
function Again({ label, reading, disabled }: { label: string; reading: ReadingChoices; disabled: boolean }) {
  const studio = useStudio();
  return (
    <button
      type="button"
      className="link"
      disabled={disabled}
      onClick={() => void studio.setReading(reading)}
    >
      {label}
    </button>
  );
}
