/** Answers "Measure this device". */
import { measure } from '../measure/measure.ts';
import type { Studio } from '../plan/studio.ts';
import type { MeasureReply } from '../protocol/measure.ts';
import type { BusyTeller } from './life.ts';
import { ortInWorker } from './other-engine.ts';

export class MeasureDesk {
  readonly #post: (reply: MeasureReply) => void;
  readonly #busy: BusyTeller;
  #stopped = false;

  constructor(post: (reply: MeasureReply) => void, busy: BusyTeller) {
    this.#post = post;
    this.#busy = busy;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** @throws StudioError('device') when the device is lost */
  async answer(id: number, studio: Studio): Promise<void> {
    this.#stopped = false;
    const measurement = await measure(studio, {
      other: ortInWorker,
      tell: (progress) => {
        this.#busy.goesOn();
        this.#post({ type: 'measuring', progress });
        return !this.#stopped;
      },
    });
    this.#post({ type: 'measured', id, measurement });
  }
}
