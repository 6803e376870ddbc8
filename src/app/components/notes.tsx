import { english, type Told } from '../../sentence.ts';
import { useSaid } from '../use-studio.tsx';

/** Sentences about what was assumed. */
export function Notes({ notes }: { notes: readonly Told[] }) {
  const say = useSaid();
  return notes.map((note) => (
    <p key={english(note)} className="hint">
      {say(note)}
    </p>
  ));
}
