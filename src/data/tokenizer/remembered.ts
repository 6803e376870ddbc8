/**
 * What texts were read as. The same rows are read for what is said of them and again for their batches, and once more
 * for every other limit or split of them.
 */

/** Characters remembered at most, with a value of some bytes each. */
const MOST_CHARACTERS = 1_000_000;

/** Values by text; with more text than it takes it begins anew. */
export class Remembered<Value> {
  private readonly most: number;
  private readonly known = new Map<string, Value>();
  private characters = 0;

  constructor(most = MOST_CHARACTERS) {
    this.most = most;
  }

  get(text: string): Value | undefined {
    return this.known.get(text);
  }

  /** @param value that nobody changes */
  set(text: string, value: Value): void {
    if (text.length > this.most || this.known.has(text)) return;
    if (this.characters + text.length > this.most) {
      this.known.clear();
      this.characters = 0;
    }
    this.known.set(text, value);
    this.characters += text.length;
  }
}
