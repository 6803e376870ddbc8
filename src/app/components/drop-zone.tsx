import { useState, type ReactNode } from 'react';

interface Props {
  disabled: boolean;
  children: ReactNode;
}

/**
 * A place to drop files, which shows that it is one; whatever is dropped is taken by the page (page-drop.tsx),
 * which sorts files by what they are. It only adds to inputs inside it, which the keyboard reaches.
 */
export function DropZone({ disabled, children }: Props) {
  const [over, setOver] = useState(false);
  return (
    <div
      className={over ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => setOver(!disabled && event.dataTransfer.types.includes('Files'))}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
    >
      {children}
    </div>
  );
}
