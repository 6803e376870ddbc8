/**
 * Search for a text token by token: greedy, and beam search as Hugging Face's `generate` does it. What scores a
 * token stands behind `Scorer`; the searches themselves know nothing of models. Every search ends: after
 * `maxNewTokens` at the latest.
 */

export interface Scorer {
  /** Rows that one call scores. */
  readonly rows: number;
  /** Candidates a row. */
  readonly k: number;
  /**
   * Scores what follows `tokens`, one a row, at `position`, from 0.
   * @param order where given, row i goes on from what row `order[i]` was before this call
   * @returns [rows, 2, k]: log-probabilities of the likeliest tokens in falling order, then the tokens
   */
  next(tokens: Int32Array, position: number, order?: Int32Array): Promise<Float32Array>;
}

export interface SearchSettings {
  maxNewTokens: number;
  /** Token every text starts from; it is not part of the result. */
  start: number;
  end: number;
  pad: number;
}

export interface BeamSettings extends SearchSettings {
  beams: number;
  /** Scores are divided by length to this power. */
  lengthPenalty: number;
  /**
   * true: a text ends once it has `beams` candidates; false: once its running beams cannot be expected to do
   * better; 'never': once they cannot do better at any length.
   */
  earlyStopping: boolean | 'never';
}

/** The likeliest token each time. @returns tokens of each of the first `count` rows, the end token left out */
export async function greedySearch(
  scorer: Scorer,
  count: number,
  settings: SearchSettings,
): Promise<Int32Array[]> {
  const { maxNewTokens, start, end, pad } = settings;
  const texts = Array.from({ length: count }, (): number[] => []);
  const open = texts.map(() => true);
  const tokens = new Int32Array(scorer.rows).fill(start);
  for (let position = 0; position < maxNewTokens && open.includes(true); position++) {
    const candidates = await scorer.next(tokens, position);
    texts.forEach((text, row) => {
      const token = candidates[row * 2 * scorer.k + scorer.k];
      tokens[row] = open[row] ? token : pad;
      if (token === end) open[row] = false;
      else if (open[row]) text.push(token);
    });
  }
  return texts.map((text) => Int32Array.from(text));
}

interface Candidate {
  tokens: readonly number[];
  score: number;
  /** Beam it goes on from. */
  beam: number;
  /** Ends here: by its last token, or because texts may not be longer. */
  ends: boolean;
}

/** One text: beams that go on and those that have ended, each with the best first. */
interface Text {
  running: Candidate[];
  ended: Candidate[];
  /** May running beams still do better than the ended ones? */
  improvable: boolean;
}

/** Out of the running, as Hugging Face writes it. */
const OUT = -1e9;

/**
 * Beam search (`_beam_search` of transformers 5): row b·beams + i of the scorer is beam i of text b.
 * @returns tokens of the best of each of `count` texts, the end token left out
 */
export async function beamSearch(
  scorer: Scorer,
  count: number,
  settings: BeamSettings,
): Promise<Int32Array[]> {
  const { maxNewTokens, start, end, beams } = settings;
  const none: Candidate = { tokens: [], score: OUT, beam: 0, ends: false };
  const texts = Array.from({ length: count }, (): Text => ({
    // One beam alone at first: the others would only repeat it.
    running: Array.from({ length: beams }, (_, i) => (i === 0 ? { ...none, score: 0 } : none)),
    ended: Array.from({ length: beams }, () => none),
    improvable: true,
  }));
  const tokens = new Int32Array(scorer.rows).fill(start);
  const order = Int32Array.from({ length: scorer.rows }, (_, row) => row);
  for (let position = 0; position < maxNewTokens; position++) {
    const scores = await scorer.next(tokens, position, position === 0 ? undefined : order);
    let allEnd = true;
    texts.forEach((text, b) => {
      const found = candidatesOf(text, scores, b * beams, scorer.k, settings, position);
      allEnd &&= found.every((candidate) => candidate.ends);
      advance(text, found, settings, position + 1);
      text.running.forEach((candidate, i) => {
        tokens[b * beams + i] = candidate.tokens.at(-1)!;
        order[b * beams + i] = b * beams + candidate.beam;
      });
    });
    const full = settings.earlyStopping === true && texts.every(isFull);
    if (allEnd || full || !texts.some((text) => text.improvable)) break;
  }
  return texts.map(({ ended: [best] }) => Int32Array.from(best.tokens.filter((token) => token !== end)));
}

const isFull = (text: Text): boolean => text.ended.every((candidate) => candidate.ends);

const byScore = (a: { score: number }, b: { score: number }): number => b.score - a.score;

/** The best continuations of a text: twice as many as beams, so that enough go on when the best end. */
function candidatesOf(
  { running }: Text,
  scores: Float32Array,
  firstRow: number,
  k: number,
  { beams, end, maxNewTokens }: BeamSettings,
  position: number,
): Candidate[] {
  const found: Candidate[] = [];
  running.forEach(({ tokens, score }, beam) => {
    const at = (firstRow + beam) * 2 * k;
    for (let i = 0; i < Math.min(k, 2 * beams); i++) {
      const token = scores[at + k + i];
      const ends = token === end || position + 1 >= maxNewTokens;
      found.push({ tokens: [...tokens, token], score: score + scores[at + i], beam, ends });
    }
  });
  return found.sort(byScore).slice(0, 2 * beams);
}

/** Takes the candidates in. `length` is how many tokens they have. */
function advance(text: Text, found: readonly Candidate[], settings: BeamSettings, length: number): void {
  const { beams, lengthPenalty, earlyStopping, maxNewTokens } = settings;
  const closed = (earlyStopping === true && isFull(text)) || !text.improvable;
  const ended = found.map((candidate, i) => {
    const ends = candidate.ends && i < beams;
    const score = candidate.score / length ** lengthPenalty + (closed ? OUT : 0) + (ends ? 0 : OUT);
    return { ...candidate, score, ends };
  });
  text.running = found
    .map((candidate) => ({ ...candidate, score: candidate.score + (candidate.ends ? OUT : 0) }))
    .sort(byScore)
    .slice(0, beams);
  text.ended = [...text.ended, ...ended].sort(byScore).slice(0, beams);
  const hoped = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : length;
  const best = text.running[0].score / hoped ** lengthPenalty;
  const least = Math.min(...text.ended.map(({ score }) => score));
  const worst = text.ended.map(({ ends }) => (ends ? least : OUT));
  text.improvable &&= worst.some((score) => best > score);
}
