/** Dragging a method's card: what is carried is the id of its draft. */
import { useState, type DragEvent } from 'react';

const TYPE = 'application/x-delta-method';

/** For whoever is dragged. */
export function dragCard(event: DragEvent, id: string): void {
  event.dataTransfer.setData(TYPE, id);
  event.dataTransfer.effectAllowed = 'copy';
}

/** Is it a card, rather than files? */
export function isCard(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(TYPE);
}

interface DropPlace {
  over: boolean;
  handlers: {
    onDragOver: (event: DragEvent) => void;
    onDragLeave: () => void;
    onDrop: (event: DragEvent) => void;
  };
}

/** A place where cards may be dropped. */
export function useCardDrop(onCard: (id: string) => void): DropPlace {
  const [over, setOver] = useState(false);
  return {
    over,
    handlers: {
      onDragOver: (event) => {
        if (!isCard(event)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        setOver(false);
        if (!isCard(event)) return;
        event.preventDefault();
        event.stopPropagation();
        onCard(event.dataTransfer.getData(TYPE));
      },
    },
  };
}
