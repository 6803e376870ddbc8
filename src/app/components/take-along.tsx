import { useEffect, useId, useRef, useState } from 'react';
import { saveFiles } from '../save-files.ts';
import { problemOf } from '../state/studio-state.ts';
import { pngOf, standaloneSvg } from '../take-along/pictures.ts';
import { cellsOf, csvOf, markdownOf } from '../take-along/tables.ts';
import { useSaid, useText } from '../use-studio.tsx';

/** What of a panel can be taken along. */
export interface Takes {
  /** What files are called, without extension. */
  name: string;
  /** Charts that are no drawing of the page, as SVG files; called when one is wanted. */
  drawn?: () => string[];
  /** Every row of its table for programs, where the page shows some, or more than a figure in a cell. */
  rows?: () => string[][];
  /** The whole comparison as one HTML page. */
  page?: () => Promise<string>;
}

interface Props extends Takes {
  /** Of the panel. */
  title: string;
}

/** What is a chart, and no sign of a legend. */
const DRAWINGS = '.chart svg:not(.recharts-legend-icon), svg[data-drawing]';

type Kind = 'svg' | 'png' | 'csv' | 'markdown' | 'page';

/** A small menu that saves the charts of its panel, or of what is marked by `takes`, as pictures and its tables as text. */
export function TakeAlong({ title, name, drawn, rows, page }: Props) {
  const text = useText().takeAlong;
  const say = useSaid();
  const id = useId();
  const root = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  /** What the open menu offers; null while it is closed. */
  const [offered, setOffered] = useState<readonly Kind[] | null>(null);
  const open = offered !== null;
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOffered(null);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const panel = (): Element | null => root.current?.closest('.takes, .panel') ?? null;
  const drawings = (): SVGSVGElement[] => [...(panel()?.querySelectorAll<SVGSVGElement>(DRAWINGS) ?? [])];
  const tables = (): HTMLTableElement[] => [...(panel()?.querySelectorAll('table') ?? [])];
  const charts = (): string[] => [
    ...(drawn?.() ?? []),
    ...drawings().map((drawing) => standaloneSvg(drawing, titleOf(drawing, title))),
  ];
  const bytes = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
  const save = (extension: string, files: readonly Uint8Array<ArrayBuffer>[]): Promise<void> => {
    const named = files.map((content, i) => ({
      name: files.length === 1 ? `delta.${extension}` : `${name}-${i + 1}.${extension}`,
      bytes: content,
    }));
    return saveFiles(name, named);
  };
  const actions = {
    page: async () => {
      try {
        await save('html', [bytes(await page!())]);
      } catch (error) {
        return say(problemOf(error).message);
      }
    },
    svg: async () => save('svg', charts().map(bytes)),
    png: async () => {
      try {
        await save('png', await Promise.all(charts().map(pngOf)));
      } catch {
        return text.failed;
      }
    },
    csv: async () =>
      save(
        'csv',
        rows === undefined
          ? tables().map((table) => bytes(csvOf(cellsOf(table, true))))
          : [bytes(csvOf(rows()))],
      ),
    markdown: async () => {
      const content = tables()
        .map((table) => markdownOf(cellsOf(table, false)))
        .join('\n');
      try {
        await navigator.clipboard.writeText(content);
        return text.copied;
      } catch {
        await save('md', [bytes(content)]);
        return text.notCopied;
      }
    },
  };
  const offers = (): Kind[] => [
    ...(drawn !== undefined || drawings().length > 0 ? (['svg', 'png'] as const) : []),
    ...(tables().length > 0 || rows !== undefined ? (['csv'] as const) : []),
    ...(tables().length > 0 ? (['markdown'] as const) : []),
    ...(page !== undefined ? (['page'] as const) : []),
  ];
  const close = (): void => {
    setOffered(null);
    button.current?.focus();
  };
  return (
    <span
      ref={root}
      className="take-along"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        className="quiet"
        aria-expanded={open}
        aria-controls={`${id}-menu`}
        aria-label={text.of(title)}
        title={text.open}
        onClick={() => {
          setSaid('');
          setOffered(open ? null : offers());
        }}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <path d="M7 1v8M3.5 6 7 9.5 10.5 6M2 12.5h10" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
      <span id={`${id}-menu`} className="take-along-menu" hidden={!open}>
        {offered?.map((kind) => (
          <button
            key={kind}
            type="button"
            data-take={kind}
            onClick={() =>
              void actions[kind]().then((answer) => {
                setSaid(answer ?? '');
                close();
              })
            }
          >
            {text[kind]}
          </button>
        ))}
      </span>
      <span className="take-along-said" aria-live="polite">
        {said}
      </span>
    </span>
  );
}

/** The caption of a figure, else the panel's title. */
function titleOf(drawing: SVGSVGElement, title: string): string {
  return drawing.closest('figure')?.querySelector('figcaption')?.textContent ?? title;
}
