import { useId } from 'react';
import { ENCODING_CHOICES } from '../../../data/encoding/encodings.ts';
import { useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** How files of one's own are read: what was found, and the choice of another encoding or header. */
export function ReadingChoice({ disabled }: { disabled: boolean }) {
  const text = useText().dataStep.reading;
  const { own, reading, read, question } = useStudioState(({ data, dataSource, reading: chosen }) => ({
    own: dataSource.kind === 'files',
    reading: chosen,
    read: data.problem === null ? (data.value?.read ?? null) : null,
    question: data.problem?.question ?? null,
  }));
  const asked = question !== null && question.kind !== 'missing';
  if (!own || (!asked && (read === null || read.encoding === null))) return null;
  const about = read === null ? text.title : text.found(read.encoding ?? '', read.separator, read.header);
  return (
    <details className="more" open={asked || reading.encoding !== undefined || undefined}>
      <summary>{about}</summary>
      <div className="field-grid">
        <EncodingChoice
          candidates={question?.kind === 'encoding' ? question.candidates : []}
          found={read?.encoding ?? null}
          sample={read?.sample ?? ''}
          disabled={disabled}
        />
        {(question?.kind === 'header' || typeof read?.separator === 'string') && (
          <HeaderChoice
            cells={question?.kind === 'header' ? question.cells : []}
            found={read?.header ?? null}
            disabled={disabled}
          />
        )}
      </div>
    </details>
  );
}

interface EncodingChoiceProps {
  /** The likeliest, where the person is asked. */
  candidates: readonly { encoding: string; sample: string }[];
  found: string | null;
  /** Some text as it reads now. */
  sample: string;
  disabled: boolean;
}

function EncodingChoice({ candidates, found, sample, disabled }: EncodingChoiceProps) {
  const text = useText().dataStep.reading;
  const studio = useStudio();
  const chosen = useStudioState((state) => state.reading.encoding);
  const id = useId();
  const unasked = found === null ? text.automatic : text.automaticIs(found);
  const automaticText = chosen !== undefined ? text.automatic : candidates.length > 0 ? text.choose : unasked;
  const likely = new Set(candidates.map(({ encoding }) => encoding));
  const others = ENCODING_CHOICES.filter((encoding) => !likely.has(encoding));
  return (
    <div className="field">
      <label htmlFor={id}>{text.encoding}</label>
      <select
        id={id}
        value={chosen ?? ''}
        disabled={disabled}
        onChange={({ target }) =>
          void studio.setReading({ encoding: target.value === '' ? undefined : target.value })
        }
      >
        <option value="">{automaticText}</option>
        {candidates.length > 0 && (
          <optgroup label={text.likely}>
            {candidates.map(({ encoding, sample: words }) => (
              <option key={encoding} value={encoding}>
                {text.readsAs(encoding, words)}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={text.all}>
          {others.map((encoding) => (
            <option key={encoding} value={encoding}>
              {encoding}
            </option>
          ))}
        </optgroup>
      </select>
      {sample !== '' && <p className="hint">{text.sample(sample)}</p>}
    </div>
  );
}

interface HeaderChoiceProps {
  /** Of the first row, where the person is asked. */
  cells: readonly string[];
  found: boolean | null;
  disabled: boolean;
}

function HeaderChoice({ cells, found, disabled }: HeaderChoiceProps) {
  const text = useText().dataStep.reading;
  const studio = useStudio();
  const chosen = useStudioState((state) => state.reading.header);
  const id = useId();
  const automatic =
    found === null || chosen !== undefined ? text.automatic : text.automaticIs(text.row(found));
  return (
    <div className="field">
      <label htmlFor={id}>{text.firstRow}</label>
      <select
        id={id}
        value={chosen === undefined ? '' : String(chosen)}
        disabled={disabled}
        onChange={({ target }) =>
          void studio.setReading({ header: target.value === '' ? undefined : target.value === 'true' })
        }
      >
        <option value="">{automatic}</option>
        <option value="true">{text.row(true)}</option>
        <option value="false">{text.row(false)}</option>
      </select>
      {cells.length > 0 && <p className="hint">{text.cells(cells.join(' | '))}</p>}
    </div>
  );
}
