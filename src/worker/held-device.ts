/** The engine's device: opened, told of, lost, and asked for. */
import { StudioError } from '../errors.ts';
import type { Studio } from '../plan/studio.ts';
import type { DeviceReply, DeviceWish } from '../protocol/device.ts';
import type { RunEnvironment } from '../runs/record.ts';
import { VERSION } from '../runs/version.ts';
import { say } from '../sentence.ts';
import type { PageDevice } from './device.ts';

export class HeldDevice {
  readonly #openDevice: (wish: DeviceWish) => Promise<PageDevice>;
  readonly #lost: (error: StudioError) => void;
  #studio: Studio | null = null;
  /** Counts what was asked for: an answer that another question has overtaken is dropped. */
  #asked = 0;

  /** @param lost told when the device that is open is lost */
  constructor(openDevice: (wish: DeviceWish) => Promise<PageDevice>, lost: (error: StudioError) => void) {
    this.#openDevice = openDevice;
    this.#lost = lost;
  }

  get isOpen(): boolean {
    return this.#studio !== null;
  }

  /** Opens a device in place of what is open; null where another wish has overtaken this one. @throws StudioError('device') */
  async open(wish: DeviceWish): Promise<DeviceReply | null> {
    const mine = ++this.#asked;
    this.#studio?.destroy();
    this.#studio = null;
    const { studio, threads, notes } = await this.#openDevice(wish);
    if (mine !== this.#asked) {
      studio.destroy();
      return null;
    }
    this.#studio = studio;
    void studio.lost.then((error) => {
      if (this.#studio !== studio) return;
      this.#studio = null;
      this.#lost(error);
    });
    return { type: 'device', adapter: studio.profile, threads, notes };
  }

  /** The open device. @throws StudioError('device') */
  opened(): Studio {
    if (this.#studio === null)
      throw new StudioError(
        'device',
        say`There is no device to compute on; open it again or reload the page.`,
      );
    return this.#studio;
  }

  /** What a run record says of where it ran. @param runtime the browser @throws StudioError('device') */
  environment(runtime: string): RunEnvironment {
    const { vendor, architecture, description, software } = this.opened().profile;
    return { studio: VERSION, runtime, adapter: { vendor, architecture, description, software } };
  }
}
