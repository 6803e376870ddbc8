/** Sentences about what was assumed. */
export function Notes({ notes }: { notes: readonly string[] }) {
  return notes.map((note) => (
    <p key={note} className="hint">
      {note}
    </p>
  ));
}
