/**
 * Device loss. Whatever waits for the device waits through `guard`, so a lost or closed device ends every
 * wait with StudioError('device') and nothing hangs.
 */
import type { StudioError } from '../errors.ts';

export class LossWatch {
  /** Set once the device is gone. */
  error: StudioError | undefined;
  private readonly waiting = new Set<(error: StudioError) => void>();

  constructor(lost: Promise<StudioError>) {
    void lost.then((error) => this.fail(error));
  }

  /** Ends all waits, present and future. The first error stays. */
  fail(error: StudioError): void {
    this.error ??= error;
    for (const reject of this.waiting) reject(this.error);
    this.waiting.clear();
  }

  /** `wait`, or a rejection with the reason when the device goes first. */
  guard<T>(wait: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.error) {
        wait.catch(() => {});
        reject(this.error);
        return;
      }
      this.waiting.add(reject);
      wait.then(
        (value) => {
          this.waiting.delete(reject);
          resolve(value);
        },
        async (reason: unknown) => {
          // A wait fails a moment before the loss is announced; give the announcement its turn.
          await new Promise((turn) => setTimeout(turn));
          this.waiting.delete(reject);
          reject(this.error ?? reason);
        },
      );
    });
  }
}
