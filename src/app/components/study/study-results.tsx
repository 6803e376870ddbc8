import { useStore } from 'zustand';
import { Bilingual } from '../../../evidence/report/bilingual.ts';
import { drawingOf } from '../../../study/figures/draw.ts';
import type { Figure, TableCell, TableFigure } from '../../../study/figures/figure.ts';
import type { Told } from '../../../sentence.ts';
import { said } from '../../i18n/said.ts';
import { saveBlob, saveFiles } from '../../save-files.ts';
import { preferences } from '../../state/preferences.ts';
import { figureFiles, reportFile, studyFolder } from '../../state/study/study-files.ts';
import { useSaid, useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { useStudy } from './use-study.ts';

/** What the rows say: sentences, the study's finding beside them, figures, and all of it to take along. */
export function StudyResults() {
  const text = useText().study;
  const say = useSaid();
  const { study } = useStudio();
  const language = useStore(preferences, (state) => state.language);
  // While another experiment is being worked out, what is there is not of it.
  const plan = useStudy(({ plan: known, form }) =>
    known?.results.experiment === form.experiment ? known : null,
  );
  const results = plan?.results ?? null;
  const shown = results !== null && results.figures.length > 0;
  const saveAll = async (): Promise<void> => {
    if (plan === null) return;
    await saveFiles('study', studyFolder(plan, await study.rows(), study.json(), language));
  };
  return (
    <Panel title={text.results}>
      {!shown && <p className="muted empty">{text.noResults}</p>}
      {results !== null && shown && (
        <>
          <div className="study-beside">
            <div>
              <h3>{text.yours}</h3>
              {results.answer.length === 0 && <p>{text.nothingYet}</p>}
              {results.answer.map((sentence) => (
                <p key={say(sentence)}>{say(sentence)}</p>
              ))}
            </div>
            <div>
              <h3>{text.finding}</h3>
              <p>{say(results.finding)}</p>
            </div>
          </div>
          <div className="choices">
            <button
              type="button"
              onClick={() => {
                const { name, bytes } = reportFile(plan!, language);
                saveBlob(new Blob([bytes]), `${results.experiment}-${name}`);
              }}
            >
              {text.report}
            </button>
            <button type="button" onClick={() => void saveAll()}>
              {text.everything}
            </button>
          </div>
          {results.figures.map((figure) => (
            <StudyFigure key={figure.id} experiment={results.experiment} figure={figure} />
          ))}
        </>
      )}
    </Panel>
  );
}

function StudyFigure({ experiment, figure }: { experiment: string; figure: Figure }) {
  const text = useText().study;
  const say = useSaid();
  const language = useStore(preferences, (state) => state.language);
  const title = say(figure.title);
  return (
    <figure className="study-figure" data-figure={figure.id}>
      <figcaption>
        <span>{title}</span>
        <button
          type="button"
          className="quiet"
          aria-label={text.saveFigure(title)}
          onClick={() =>
            void saveFiles(`${experiment}-${figure.id}`, figureFiles(experiment, figure, language))
          }
        >
          {text.save}
        </button>
      </figcaption>
      {figure.kind === 'table' ? <FigureTable figure={figure} /> : <Drawn figure={figure} title={title} />}
      {figure.note !== undefined && <p className="muted">{say(figure.note)}</p>}
    </figure>
  );
}

/** Drawn by what draws the report; its texts are escaped there. */
function Drawn({ figure, title }: { figure: Figure; title: string }) {
  const language = useStore(preferences, (state) => state.language);
  const drawing = drawingOf(figure, new Bilingual(said, [language]));
  if (drawing === null) return null;
  const { width, height, parts } = drawing;
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={title}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={title}
        dangerouslySetInnerHTML={{ __html: parts.join('') }}
      />
    </div>
  );
}

function FigureTable({ figure: { columns, rows, title } }: { figure: TableFigure }) {
  const say = useSaid();
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={say(title)}>
      <table className="numbers">
        <thead>
          <tr>
            {columns.map((column, i) => (
              // Several columns may have one title, and a title is another one in another language.
              <th key={i} scope="col">
                {say(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], row) => (
            <tr key={row}>
              <th scope="row">{say(toldOf(name))}</th>
              {cells.map((cell, i) => (
                <td key={i}>{say(toldOf(cell))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toldOf(cell: TableCell): Told {
  return typeof cell === 'object' && 'value' in cell ? cell.text : cell;
}
