import { useSaid } from '../use-studio.tsx';

/** Sentences about what was assumed. */
export function Notes({ notes }: { notes: readonly string[] }) {
  const say = useSaid();
  return notes.map((note) => (
    <p key={note} className="hint">
      {say(note)}
    </p>
  ));
}
