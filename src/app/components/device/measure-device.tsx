import { saveBlob } from '../../save-files.ts';
import { formatFigures, formatShare } from '../../format.ts';
import type { Measurement } from '../../../measure/measure.ts';
import { barsSvg } from '../../take-along/drawn.ts';
import { lightColors, pngOf } from '../../take-along/pictures.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { ProblemNote } from '../problem-note.tsx';
import {
  attentionRows,
  forwardRows,
  measurementBars,
  productRows,
  stepRows,
  type KernelRow,
} from './measurement-rows.ts';

/** Measures what the device can do and what training reaches of it, to be kept and shown to others. */
export function MeasureDevice({ name }: { name: string }) {
  const text = useText().device.measure;
  const studio = useStudio();
  const { going, found, problem } = useStudioState((state) => state.measuring);
  const idle = useStudioState((state) => state.session === 'idle');
  const progress = going?.progress ?? null;
  return (
    <section className="measure" aria-label={text.title}>
      <h3>{text.title}</h3>
      <p className="hint">{text.what}</p>
      {going === null ? (
        <button type="button" disabled={!idle} onClick={() => void studio.measuring.begin()}>
          {found === null ? text.begin : text.again}
        </button>
      ) : (
        <div className="measure-going">
          <p role="status">
            {progress === null
              ? text.begins
              : text.progress(text.parts[progress.part], progress.at, progress.of)}
          </p>
          <button
            type="button"
            className="quiet"
            disabled={going.stopping}
            onClick={() => studio.measuring.stop()}
          >
            {going.stopping ? text.stopping : text.stop}
          </button>
        </div>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
      {found !== null && <Found name={name} found={found} />}
    </section>
  );
}

function Found({ name, found }: { name: string; found: Measurement }) {
  const dictionary = useText();
  const text = dictionary.device.measure;
  const say = useSaid();
  const peak = text.peak(
    formatFigures(found.peak.gflops, 3),
    formatFigures(found.peak.gigabytesPerSecond, 3),
  );
  const file = `delta-studio-${found.date.slice(0, 10)}`;
  const saveJson = (): void =>
    saveBlob(
      new Blob([`${JSON.stringify({ name, ...found }, null, 2)}\n`], { type: 'application/json' }),
      `${file}.json`,
    );
  const savePicture = async (): Promise<void> => {
    const colors = lightColors(['var(--run-0)', 'var(--run-1)', 'var(--run-2)']);
    const legend = [text.products, text.attention, text.steps].map((group, i) => ({
      name: group,
      color: colors[i],
    }));
    const svg = barsSvg(`${name}: ${peak}`, measurementBars(found, dictionary, colors), legend);
    saveBlob(new Blob([await pngOf(svg)], { type: 'image/png' }), `${file}.png`);
  };
  const steps = stepRows(found, dictionary);
  const wrong = found.adapter.wrong ?? [];
  return (
    <div className="measured">
      <p>
        <strong>{peak}</strong>
      </p>
      {wrong.length > 0 && <p className="hint">{text.leftOut(wrong.join('; '))}</p>}
      <Kernels title={text.products} rows={productRows(found)} />
      <Kernels title={text.attention} rows={attentionRows(found)} />
      <Rates
        title={text.steps}
        heads={[text.step, text.milliseconds, text.tokens, text.ofPeak, text.memory]}
        rows={steps.map(({ name: step, milliseconds, tokens, share, memory }) => ({
          name: step,
          cells: [milliseconds, tokens, formatShare(share, 1), memory],
        }))}
      />
      {found.refused.map(({ method, recompute, hidden, layers, why }) => (
        <p key={`${method} ${recompute} ${hidden} ${layers}`} className="hint">
          {dictionary.methodNames[method]}: {say(why)}
        </p>
      ))}
      <Forward found={found} />
      <div className="device-ways">
        <button type="button" onClick={saveJson}>
          {text.saveJson}
        </button>
        <button type="button" onClick={() => void savePicture()}>
          {text.savePicture}
        </button>
      </div>
    </div>
  );
}

/** What another engine takes for the same, where it could be asked. */
function Forward({ found }: { found: Measurement }) {
  const text = useText().device.measure;
  const say = useSaid();
  const rows = forwardRows(found);
  return (
    <>
      {rows.length > 0 && (
        <Rates
          title={text.forward}
          heads={[text.kernel, text.milliseconds, text.theirs, text.timesAsFast, text.difference]}
          rows={rows}
        />
      )}
      {found.forwardRefused.map(({ hidden, layers, why }) => (
        <p key={`${hidden} ${layers}`} className="hint">
          {say(why)}
        </p>
      ))}
    </>
  );
}

function Kernels({ title, rows }: { title: string; rows: readonly KernelRow[] }) {
  const text = useText().device.measure;
  const cells = rows.map(({ name, rate, share }) => ({ name, cells: [rate, formatShare(share, 1)] }));
  return <Rates title={title} heads={[text.kernel, text.rate, text.ofPeak]} rows={cells} />;
}

interface RatesProps {
  title: string;
  /** Of the names, then of the cells. */
  heads: readonly string[];
  rows: readonly { name: string; cells: readonly string[] }[];
}

function Rates({ title, heads, rows }: RatesProps) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={column} className="number">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
