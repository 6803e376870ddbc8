/** Scores by class, curves and calibration against scikit-learn and SciPy (tools/class-report-golden.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitTemperature } from '../../src/train/metrics/report/calibration.ts';
import { classReport } from '../../src/train/metrics/report/report.ts';

interface Case {
  outputs: number;
  logits: number[];
  labels: number[];
  byClass: [precision: number, recall: number, f1: number, support: number][];
  macro: [precision: number, recall: number, f1: number];
  weighted: [precision: number, recall: number, f1: number];
  confusion: number[][];
  curves: {
    roc: number | null;
    averagePrecision: number | null;
    rocPoints?: [number, number][];
    precisionRecallPoints?: [number, number][];
  }[];
  ece: number;
  bins: [rows: number, confidence: number, accuracy: number][];
  temperature: number;
  eceAtTemperature: number;
}
const { cases } = JSON.parse(
  readFileSync(new URL('./class-report.golden.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

function expectClose(actual: readonly number[], wanted: readonly number[], digits = 12): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], digits));
}

describe.each(cases.map((golden) => [`${golden.labels.length} rows of ${golden.outputs}`, golden] as const))(
  '%s',
  (_, golden) => {
    const names = Array.from({ length: golden.outputs }, (__, c) => `class ${c}`);
    const temperature = fitTemperature(golden.logits, golden.labels, golden.outputs);
    const report = classReport(golden.logits, golden.labels, names, temperature);

    it('has the scores of every class and their averages', () => {
      report.classes.forEach(({ precision, recall, f1, support }, c) =>
        expectClose([precision, recall, f1, support], golden.byClass[c]),
      );
      for (const average of ['macro', 'weighted'] as const) {
        const { precision, recall, f1 } = report[average];
        expectClose([precision, recall, f1], golden[average]);
      }
      expect(report.confusion).toEqual(golden.confusion);
    });

    it('has the curves and their areas', () => {
      expect(report.curves).toHaveLength(golden.curves.length);
      report.curves.forEach(({ roc, precisionRecall }, i) => {
        const wanted = golden.curves[i];
        if (wanted.roc === null) {
          expect([roc.area, precisionRecall.area]).toEqual([null, null]);
          return;
        }
        expectClose([roc.area!, precisionRecall.area!], [wanted.roc, wanted.averagePrecision!]);
        expectClose(roc.points.flat(), wanted.rocPoints!.flat());
        expectClose(precisionRecall.points.flat(), wanted.precisionRecallPoints!.flat());
      });
      const areas = golden.curves.flatMap(({ roc }) => roc ?? []);
      expect(report.areas.roc).toBeCloseTo(areas.reduce((a, b) => a + b) / areas.length, 12);
    });

    it('has the calibration, before and after the temperature', () => {
      const { bins, ece, eceAtTemperature } = report.calibration;
      expectClose([ece], [golden.ece]);
      expectClose(
        bins.flatMap(({ rows, confidence, accuracy }) => [rows, confidence, accuracy]),
        golden.bins.flat(),
      );
      expectClose([temperature], [golden.temperature], 5);
      expectClose([eceAtTemperature!], [golden.eceAtTemperature], 5);
    });
  },
);
