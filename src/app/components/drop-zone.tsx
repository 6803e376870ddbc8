import { useState, type DragEvent, type ReactNode } from 'react';
import { droppedFiles } from '../dropped-files.ts';
import type { FolderFile } from '../../protocol/messages.ts';

interface Props {
  disabled: boolean;
  /** Files dropped, those of folders included; `name` is the first entry's. */
  onFiles: (name: string, files: FolderFile[]) => void;
  children: ReactNode;
}

/** A place to drop files. It only adds to inputs inside it, which the keyboard reaches. */
export function DropZone({ disabled, onFiles, children }: Props) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (disabled) return;
    void droppedFiles(event.dataTransfer).then(({ name, files }) => {
      if (files.length > 0) onFiles(name, files);
    });
  };
  return (
    <div
      className={over ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  );
}
