/** Pause, resume and stop of a study: of the cell at work, and of those that follow. */
import { RunControl } from '../../train/control.ts';

/** One for a study's work; what it is told holds for the cell at work and for those after it. */
export class StudyControl {
  #current = new RunControl();
  #paused = false;
  #stopped = false;

  get stopped(): boolean {
    return this.#stopped;
  }

  get paused(): boolean {
    return this.#paused && !this.#stopped;
  }

  /** The control of the next cell. */
  next(): RunControl {
    this.#current = new RunControl();
    if (this.#paused) this.#current.pause();
    if (this.#stopped) this.#current.stop();
    return this.#current;
  }

  pause(): void {
    this.#paused = true;
    this.#current.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#current.resume();
  }

  /** After the step that is being taken; the cell goes on from there another time. */
  stop(): void {
    this.#stopped = true;
    this.#current.stop();
  }
}
