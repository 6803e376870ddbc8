/** Work in the order in which it came, as a GPU's queue has it: each piece begins when the one before is done. */

type Piece = () => void | Promise<void>;

export class WorkQueue {
  private readonly pieces: Piece[] = [];
  private running = false;
  private closed = false;

  /** Nothing is under way and nothing waits. */
  get idle(): boolean {
    return !this.running && this.pieces.length === 0;
  }

  /** Runs a piece in its turn; at once when nothing is before it. Pieces report their own failures. */
  push(piece: Piece): void {
    if (this.closed) return;
    this.pieces.push(piece);
    if (!this.running) void this.drain();
  }

  /** Drops what has not begun, and whatever comes. */
  close(): void {
    this.closed = true;
    this.pieces.length = 0;
  }

  private async drain(): Promise<void> {
    this.running = true;
    for (let piece = this.pieces.shift(); piece; piece = this.pieces.shift()) {
      const wait = piece();
      if (wait) await wait;
    }
    this.running = false;
  }
}
