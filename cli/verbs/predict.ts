/** `delta predict`: what a finished run makes of texts. */
import { unlabelledDataset } from '../../src/data/dataset.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { taskRun } from '../../src/runs/record.ts';
import { rankWords } from '../../src/train/evaluate-texts.ts';
import { predict, probabilities } from '../../src/train/evaluate.ts';
import { reopenRun } from '../../src/train/reopen.ts';
import { labelWords } from '../../src/train/task.ts';
import { TextGenerator } from '../../src/train/text-generator.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { print, printJson } from '../output.ts';
import { loadBase, openRunFolder } from '../stored-run.ts';

interface Prediction {
  text: string;
  text2?: string;
  /** Of tasks that answer by them. */
  logits?: number[];
  /** Of a classification, by label words too. */
  label?: string;
  probabilities?: Record<string, number>;
  /** Of a regression. */
  value?: number;
  /** Of text to text: what was written. */
  generated?: string;
}

export async function predictVerb({ flags, json }: Arguments): Promise<number> {
  const run = await openRunFolder(flags.run!);
  const stored = taskRun(run.stored, flags.task);
  const texts = flags.text!;
  const pairs = stored.columns.text.length === 2 ? (flags.text2 ?? []) : null;
  if (pairs === null && flags.text2 !== undefined) {
    throw new UsageError('predict: this run reads one text, and --text2 gives a second');
  }
  if (pairs !== null && pairs.length !== texts.length) {
    throw new UsageError(
      `predict: this run reads pairs; got ${texts.length} --text and ${pairs.length} --text2`,
    );
  }
  const names = stored.labels?.names ?? null;
  const words = labelWords(stored.spec, stored.labels);
  const dataset = unlabelledDataset(texts, pairs, stored.spec.model.task, '--text', words?.[0]);
  const base = await loadBase(run);
  const predictions = await withStudio(flags, async (studio) => {
    const opened = await reopenRun(studio, stored, base, run.adapter, dataset, {
      batchSize: Math.min(texts.length, 16),
      force: flags.force === true,
    });
    try {
      const { instance, data, shape, outputs, tokenizer, source } = opened;
      if (stored.spec.model.task === 'text2text') {
        const settings = { ...stored.spec.generation!, batchSize: shape.batchSize };
        const generator = new TextGenerator(studio, source, data, tokenizer, settings);
        try {
          const written = await generator.generate(texts.map((_, row) => row));
          const ranks = words && (await rankWords(instance, data, shape, tokenizer, words));
          return texts.map((text, row): Prediction => ({
            text,
            ...(pairs && { text2: pairs[row] }),
            ...(ranks && answer(ranks.subarray(row * words.length, (row + 1) * words.length), names)),
            generated: written[row],
          }));
        } finally {
          generator.destroy();
        }
      }
      const logits = await predict(instance, data, shape, outputs);
      return texts.map((text, row): Prediction => ({
        text,
        ...(pairs && { text2: pairs[row] }),
        ...answer(logits.subarray(row * outputs, (row + 1) * outputs), names),
      }));
    } finally {
      opened.instance.destroy();
    }
  });
  if (json) printJson({ run: flags.run, predictions });
  else for (const prediction of predictions) print(line(prediction));
  return 0;
}

function answer(logits: Float64Array, names: readonly string[] | null): Omit<Prediction, 'text'> {
  const raw = Array.from(logits);
  if (names === null) return { logits: raw, value: raw[0] };
  const shares = probabilities(logits);
  const top = shares.indexOf(Math.max(...shares));
  return {
    logits: raw,
    label: names[top],
    probabilities: Object.fromEntries(names.map((name, i) => [name, shares[i]])),
  };
}

function line({ text, text2, label, probabilities: shares, value, generated }: Prediction): string {
  const texts = text2 === undefined ? text : `${text} | ${text2}`;
  if (generated !== undefined && label === undefined) return `${generated}\t${texts}`;
  if (label === undefined) return `${shortNumber(value!)}\t${texts}`;
  return `${label}\t${shortNumber(shares![label])}\t${texts}`;
}
