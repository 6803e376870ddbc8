/** The report's style: light, dark and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --text: light-dark(#222, #ddd); --soft: light-dark(#f3f6fa, #22282f); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); max-width: 74rem; margin: 2rem auto; padding: 0 1rem; }
body:not(:has(#zh:checked)) .zh, body:has(#zh:checked) .en, body:not(:has(#seeds:checked)) .seed { display: none; }
.choice { display: flex; gap: 1rem; justify-content: flex-end; }
.verdict { background: var(--soft); border-left: 4px solid #0072b2; padding: 0.8rem 1.2rem; font-size: 1.15rem; }
.verdict p { margin: 0; } .verdict ul { font-size: 0.95rem; margin: 0.5rem 0 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
td { white-space: nowrap; } th:first-child { text-align: left; } .reference th { font-weight: normal; font-style: italic; }
figure { margin: 1.5rem 0; break-inside: avoid; } figcaption { font-weight: 600; }
svg { width: 100%; max-width: 46rem; height: auto; } svg text { font-size: 11px; fill: var(--text); }
.grid { stroke: var(--line); } svg .reference { stroke: var(--text); stroke-opacity: 0.6; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; }
i { display: inline-block; width: 0.9rem; height: 0.9rem; border-radius: 2px; margin-right: 0.4rem; vertical-align: -0.1rem; }
@media print {
  :root { color-scheme: light; } .choice { display: none; } body { margin: 0; max-width: none; font-size: 11px; }
  .wide { overflow: visible; } td { white-space: normal; } i, .verdict, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
