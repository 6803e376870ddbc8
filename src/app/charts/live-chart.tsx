/**
 * Curves that grow while one watches, drawn by uPlot on a canvas. The chart is a slider to the keyboard and to
 * screen readers: arrow keys move the reading line, and what stands at it is read out. A table of the same
 * figures belongs beside it.
 */
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useStore } from 'zustand';
import { preferences } from '../state/preferences.ts';
import { columns, type Points } from './columns.ts';
import type { Cursor } from './cursor.ts';
import { drawQueue } from './draw-queue.ts';

export interface LiveCurve extends Points {
  key: string;
  /** CSS colour, tokens allowed. */
  color: string;
  dash: readonly number[];
  /** The raw points behind a smoothed line, or one seed behind the mean: `single` is less faint. */
  faint?: boolean | 'single';
  /** An edge of a band: not drawn itself. The upper edge comes just before the lower, and what is between is filled. */
  edge?: 'high' | 'low';
  /** Points carry dots: for curves of few points. */
  dots?: boolean;
}

interface Props {
  curves: readonly LiveCurve[];
  /** What the chart shows, in words. */
  label: string;
  /** What stands at the reading line, or at last for null, in words. */
  valueText: (x: number | null) => string;
  cursor: Cursor;
  /** End of the axis. */
  xMax: number;
  log: boolean;
  formatX: (x: number) => string;
  formatY: (y: number) => string;
}

const HEIGHT = 240;
/** Pieces the axis is cut into: about two pixels each. */
const PIECES = 300;
/** An arrow key goes on by at least this share of the axis, and to a point that is drawn. */
const KEY_STRIDE = 1 / 50;

export function LiveChart({ curves, label, valueText, cursor, xMax, log, formatX, formatY }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const look = useLook();
  const at = useSyncExternalStore(cursor.subscribe, cursor.snapshot);
  const shape = JSON.stringify(
    curves.map(({ key, color, dash, faint, dots, edge }) => [key, color, dash, faint, dots, edge]),
  );
  const drawn = useEffectEvent(() => draw(curves, log));
  const options = useEffectEvent((element: HTMLElement) =>
    optionsOf(element, { curves, cursor, log, xMax, formatX, formatY }),
  );

  useEffect(() => {
    const element = frame.current!;
    const made = new uPlot(options(element), drawn(), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, log, xMax, look]);

  // Numbers go first, the drawing follows in a frame of its own.
  const redraw = useEffectEvent(() => plot.current?.setData(drawn(), true));
  useEffect(() => {
    drawQueue.ask(plot, () => redraw());
    return () => drawQueue.drop(plot);
  }, [curves]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const drawnAt = plot.current === null ? [] : Array.from(plot.current.data[0]);
    const stride = xMax * KEY_STRIDE;
    const moves: Record<string, (x: number) => number | null> = {
      ArrowRight: (x) => drawnAt.find((point) => point >= x + stride) ?? xMax,
      ArrowLeft: (x) => drawnAt.findLast((point) => point <= x - stride) ?? 0,
      Home: () => 0,
      End: () => xMax,
      Escape: () => null,
    };
    const move = moves[event.key];
    const chart = plot.current;
    if (move === undefined || chart === null) return;
    event.preventDefault();
    const x = move(cursor.x ?? xMax);
    chart.setCursor({ left: x === null ? -10 : chart.valToPos(x, 'x'), top: x === null ? -10 : 10 });
  };
  return (
    <div
      ref={frame}
      className="chart live"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={xMax}
      aria-valuenow={at ?? xMax}
      aria-valuetext={valueText(at)}
      onKeyDown={onKeyDown}
    />
  );
}

function draw(curves: readonly LiveCurve[], log: boolean): uPlot.AlignedData {
  return columns(curves, PIECES, log ? (y) => y > 0 && y < Infinity : Number.isFinite);
}

/** Changes when theme or language do: a canvas has to be drawn again. */
function useLook(): string {
  const { theme, language } = useStore(preferences);
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => setDark(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, []);
  return `${theme} ${dark} ${language}`;
}

/** A CSS colour as the canvas takes it: tokens replaced by what they stand for in the theme. */
function resolved(element: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** A colour of the theme, `rgb(…)`, as a veil. */
function veiled(color: string): string {
  return color.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*$/, 'rgba($1,$2,$3,0.16)');
}

function optionsOf(
  element: HTMLElement,
  {
    curves,
    cursor,
    log,
    xMax,
    formatX,
    formatY,
  }: Pick<Props, 'curves' | 'cursor' | 'log' | 'xMax' | 'formatX' | 'formatY'>,
): uPlot.Options {
  const color = (css: string): string => resolved(element, css);
  const [line, muted] = [color('var(--line)'), color('var(--muted)')];
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const axis = {
    stroke: muted,
    font,
    ticks: { show: false },
    border: { show: true, stroke: line, width: 1 },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [10, 26, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      sync: { key: 'delta-curves', scales: ['x', null] },
      points: { size: 7 },
    },
    scales: {
      x: { time: false, range: [0, xMax] },
      // An ambient const enum: its members have no names here.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
      y: log ? { distr: 3 } : { range: (_, low, high) => padded(low, high) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, values: (_, ticks) => ticks.map(formatX) },
      {
        ...axis,
        grid: { stroke: line, width: 1 },
        size: 58,
        border: { show: false },
        // On a logarithmic axis uPlot leaves ticks out by handing null.
        values: (_, ticks) => ticks.map((y: number | null) => (y === null ? '' : formatY(y))),
      },
    ],
    series: [
      {},
      ...curves.map(({ color: css, dash, faint, dots, edge }): uPlot.Series => ({
        stroke: color(css),
        width: edge === undefined ? (faint ? 1 : 2) : 0,
        alpha: faint === 'single' ? 0.45 : faint ? 0.18 : 1,
        dash: faint ? [] : [...dash],
        spanGaps: true,
        points: { show: edge === undefined && (dots ?? false), size: 6, fill: color(css) },
      })),
    ],
    bands: curves.flatMap(({ edge, color: css }, i): uPlot.Band[] =>
      edge === 'high' ? [{ series: [i + 1, i + 2], fill: veiled(color(css)) }] : [],
    ),
    hooks: {
      setCursor: [
        (chart) => {
          const { left = -1 } = chart.cursor;
          cursor.set(left < 0 ? null : chart.posToVal(left, 'x'));
        },
      ],
    },
  };
}

/** Some room above and below, so that a curve along the edge is seen. */
function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - room, high + room];
}
