/** Where the reading line stands, shared by all live charts: null when nobody points anywhere. */
export class Cursor {
  #x: number | null = null;
  readonly #listeners = new Set<() => void>();

  get x(): number | null {
    return this.#x;
  }

  set(x: number | null): void {
    if (x === this.#x) return;
    this.#x = x;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): number | null => this.#x;
}
