import { LineChart, type ChartCurve } from '../../charts/line-chart.tsx';
import { formatBytes } from '../../format.ts';
import { CURVE_BATCH_SIZES } from '../../state/batch-curve.ts';
import { useRunStyle } from '../../use-run-style.ts';
import { useSaid, useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { TakeAlong } from '../take-along.tsx';

/** Memory forecast of every method over batch sizes. */
export function BatchCurve() {
  const text = useText();
  const nameOf = useMethodName();
  const say = useSaid();
  const styleOf = useRunStyle();
  const forecasts = useStudioState((state) => state.forecast.value ?? []);
  const all = useStudioState((state) => state.batchCurves);
  const shown = forecasts.filter(({ run }) => (all[run]?.length ?? 0) > 0);
  const curves = shown.map((forecast): ChartCurve => {
    const { color, dash } = styleOf(forecast.run);
    const points = all[forecast.run].flatMap(({ batchSize, total }): [number, number][] =>
      total === null ? [] : [[batchSize, total]],
    );
    return {
      key: forecast.run,
      name: nameOf(forecast),
      color,
      dash: dash.length > 0 ? dash.join(' ') : undefined,
      points,
      dots: true,
    };
  });
  const refused = shown.flatMap((forecast) =>
    all[forecast.run].flatMap(({ batchSize, message }) =>
      message === null ? [] : { forecast, batchSize, message },
    ),
  );
  const complete = shown.every(({ run }) => all[run].length === CURVE_BATCH_SIZES.length);
  const words = curves.flatMap(({ name, points }) =>
    points.map(([size, bytes]) => text.compare.batchPoint(name, size, formatBytes(bytes))),
  );
  return (
    <div className="batch-curve takes">
      <div className="panel-head">
        <h3>{text.compare.batchTitle}</h3>
        {curves.length > 0 && (
          <TakeAlong
            title={text.compare.batchTitle}
            name="memory-by-batch-size"
            rows={() => [
              [text.columnMethod, text.compare.batchSize, text.verdict.inBytes(text.verdict.memory)],
              ...curves.flatMap(({ name, points }) =>
                points.map(([size, bytes]) => [name, String(size), String(bytes)]),
              ),
            ]}
          />
        )}
      </div>
      {curves.length === 0 ? (
        <p className="muted no-curves">{text.compare.batchWorking}</p>
      ) : (
        <LineChart
          curves={curves}
          label={text.compare.batchLabel(words.join(text.history.then))}
          stepName={text.compare.batchSize}
          lastStep={CURVE_BATCH_SIZES.at(-1)!}
          ticks={CURVE_BATCH_SIZES}
          formatValue={formatBytes}
        />
      )}
      {refused.map(({ forecast, batchSize, message }) => (
        <p key={`${forecast.run} ${batchSize}`} className="hint">
          {text.compare.batchRefused(nameOf(forecast), batchSize)} {say(message)}
        </p>
      ))}
      <p className="hint">
        {complete || curves.length === 0 ? text.compare.batchHelp : text.compare.batchWorking}
      </p>
    </div>
  );
}
