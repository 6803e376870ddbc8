import { costOn, downloadBytes, suggestionsFor } from '../../../advice/suggestions.ts';
import type { Finding } from '../../../data/analysis/finding.ts';
import { formatBytes } from '../../format.ts';
import { firstName } from '../../state/more-tasks.ts';
import { servedHub } from '../../state/policy-stops.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** What should be known of the data before Start: a line each, with one thing to do about it. */
export function Doctor() {
  const text = useText().advice;
  const looks = useStudioState((state) => state.looks);
  const data = useStudioState((state) => state.data.value);
  const more = data?.more ?? [];
  const names = data && more.length > 0 ? [firstName(data), ...more.map(({ name }) => name)] : [];
  const found = looks.flatMap(({ value }, set) =>
    (value?.findings ?? []).map((finding) => ({ finding, task: names[set] })),
  );
  if (found.length === 0) return null;
  return (
    <section className="doctor" aria-label={text.title}>
      <ul className="checks">
        {found.map(({ finding, task }) => (
          <Line key={`${task ?? ''} ${finding.code} ${finding.sentence.key}`} finding={finding} task={task} />
        ))}
      </ul>
    </section>
  );
}

/** @param task that it is of, where there are several */
function Line({ finding, task }: { finding: Finding; task: string | undefined }) {
  const dictionary = useText();
  const text = dictionary.advice;
  const say = useSaid();
  const studio = useStudio();
  const spoken = (name: string): string => dictionary.verdict.spoken(name, dictionary.metricNames[name]);
  const { weight, sentence, remedy } = finding;
  return (
    <li data-finding={finding.code} data-weight={weight}>
      <p>
        {task !== undefined && <span className="muted">{task} · </span>}
        <strong>{text.weights[weight]}</strong> {say(sentence)}{' '}
        {remedy?.kind === 'maxLength' && (
          <button
            type="button"
            className="link"
            onClick={() => studio.setTrainingField('maxLength', String(remedy.length))}
          >
            {text.setLength(remedy.length)}
          </button>
        )}
        {remedy?.kind === 'metric' && (
          <button
            type="button"
            className="link"
            onClick={() => studio.setTrainingField('metric', remedy.metric)}
          >
            {text.setMetric(spoken(remedy.metric))}
          </button>
        )}
      </p>
      {remedy?.kind === 'model' && <Models writing={remedy.writing} />}
    </li>
  );
}

/** Models of a hub that read the texts, each with what the cheapest method here would hold on it. */
function Models({ writing }: { writing: Parameters<typeof suggestionsFor>[0] }) {
  const text = useText().advice;
  const studio = useStudio();
  const model = useStudioState((state) => state.model.value);
  const task = useStudioState((state) => state.data.value?.task);
  const forecasts = useStudioState((state) => state.forecast.value);
  const load = (id: string): void => void studio.loadModel({ kind: 'hub', id, endpoint: servedHub() });
  const memoryOn = (one: ReturnType<typeof suggestionsFor>[number]): number | null => {
    if (!model?.layers || !model.hiddenSize || !forecasts || forecasts.length === 0) return null;
    const at = { layers: model.layers, width: model.hiddenSize };
    return Math.min(...forecasts.map((known) => costOn(one, { ...known, seconds: null }, at).bytes));
  };
  return (
    <details>
      <summary>{text.models}</summary>
      <ul>
        {suggestionsFor(writing, task === 'text2text').map((one) => {
          const memory = memoryOn(one);
          const size = formatBytes(downloadBytes(one));
          return (
            <li key={one.id}>
              <button
                type="button"
                className="link"
                aria-label={text.load(one.id)}
                onClick={() => load(one.id)}
              >
                {one.id}
              </button>{' '}
              <span className="muted">
                {text.modelReads[one.reads]} ·{' '}
                {memory === null ? size : text.modelCost(size, formatBytes(memory))}
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
