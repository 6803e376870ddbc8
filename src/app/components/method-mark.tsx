import { methodStyle } from '../charts/method-style.ts';

/** The line by which a method is known in charts and tables: colour and dashes. */
export function MethodMark({ method }: { method: string }) {
  const { color, dash } = methodStyle(method);
  return (
    <svg className="method-mark" width="22" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="21" y2="4" stroke={color} strokeWidth="3" strokeDasharray={dash} />
    </svg>
  );
}
