/**
 * Which row had a text first. As a `Map` from texts to rows, at a third of its time and memory where there are
 * millions of short ones: slots of an open-addressed table, of a size that is known beforehand.
 */
export class TextIndex {
  /** Place in `texts` plus one; 0 where a slot is free. */
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** Drawn for each index, so that no file can be written whose texts all fall on one slot. */
  private readonly seed = (Math.random() * 2 ** 32) | 0;
  private readonly texts: string[] = [];
  private readonly rows: number[] = [];

  /** @param most different texts that will be added at most */
  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * most)));
    this.slots = new Int32Array(size);
    this.mask = size - 1;
  }

  /** @returns the row that had this text first: `row` where none had */
  add(text: string, row: number): number {
    const slot = this.slotOf(text);
    const place = this.slots[slot];
    if (place > 0) return this.rows[place - 1];
    this.texts.push(text);
    this.rows.push(row);
    this.slots[slot] = this.texts.length;
    return row;
  }

  /** The row that had a text first, −1 where none had. */
  find(text: string): number {
    const place = this.slots[this.slotOf(text)];
    return place > 0 ? this.rows[place - 1] : -1;
  }

  /** The slot of a text, or the free one where it would stand. */
  private slotOf(text: string): number {
    let slot = this.hash(text) & this.mask;
    for (let place = this.slots[slot]; place > 0; place = this.slots[slot]) {
      if (this.texts[place - 1] === text) break;
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }

  /** FNV-1a over UTF-16 units, its high bits mixed into the low ones. */
  private hash(text: string): number {
    let hash = this.seed;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }
}
