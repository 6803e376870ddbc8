import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';
import type { RawEntry } from '../../../runs/storage/entry.ts';

/** A comparison of four runs, in pixels; each is measured once it is there. */
const ENTRY_HEIGHT = 270;
const GAP = 12;

/** The comparisons one under another; only those in sight are there, however many are stored. */
export function EntryList({
  entries,
  children,
}: {
  entries: readonly RawEntry[];
  children: (entry: RawEntry) => ReactNode;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  // The virtualiser keeps its own state and re-renders by itself; nothing here is memoised by the compiler.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ENTRY_HEIGHT,
    getItemKey: (index) => entries[index].id,
    gap: GAP,
    overscan: 3,
  });
  return (
    <div className="history-scroll" ref={scroll}>
      <ul className="history-list" style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-setsize={entries.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(entries[index])}
          </li>
        ))}
      </ul>
    </div>
  );
}
