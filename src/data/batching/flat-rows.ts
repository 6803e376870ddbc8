/** Rows of tokens laid one after another in arrays that grow. */
export class FlatRows {
  /** Tokens of the longest row so far. */
  longest = 0;
  private readonly offsets: Int32Array;
  private ids: Int32Array;
  private typeIds: Uint8Array;
  private rows = 0;

  /**
   * @param rows as many as will be added at most
   * @param expected tokens a row, as a first guess
   */
  constructor(rows: number, expected: number) {
    this.offsets = new Int32Array(rows + 1);
    this.ids = new Int32Array(rows * expected + 64);
    this.typeIds = new Uint8Array(this.ids.length);
  }

  add(ids: readonly number[], typeIds?: readonly number[]): void {
    if (this.rows + 1 >= this.offsets.length) throw new Error('internal: more rows than were announced');
    const from = this.offsets[this.rows];
    const end = from + ids.length;
    if (end > this.ids.length) {
      const size = Math.max(end, this.ids.length * 2);
      const [oldIds, oldTypes] = [this.ids, this.typeIds];
      this.ids = new Int32Array(size);
      this.ids.set(oldIds);
      this.typeIds = new Uint8Array(size);
      this.typeIds.set(oldTypes);
    }
    this.ids.set(ids, from);
    if (typeIds) this.typeIds.set(typeIds, from);
    this.offsets[++this.rows] = end;
    this.longest = Math.max(this.longest, ids.length);
  }

  arrays(): { ids: Int32Array; typeIds: Uint8Array; offsets: Int32Array } {
    const total = this.offsets[this.rows];
    return {
      ids: this.ids.slice(0, total),
      typeIds: this.typeIds.slice(0, total),
      offsets: this.offsets.slice(0, this.rows + 1),
    };
  }
}
