/** 按类别的结果与导出。 */
import type { Dictionary } from '../en.ts';
import { inChinese } from '../count.ts';

export const byClass: Dictionary['byClass'] = {
  open: '各类指标、曲线与校准',
  table: '各类得分',
  class: '类别',
  precision: '精确率',
  recall: '召回率',
  support: '行数',
  rocArea: 'ROC 面积',
  prArea: 'PR 面积',
  macro: '各类平均',
  weighted: '按行数平均',
  help: '精确率：判为该类的行中有多少确实属于该类。召回率：该类的行中有多少被找出。',
  roc: 'ROC 曲线',
  rocX: '假正率',
  rocY: '真正率',
  precisionRecall: '精确率与召回率',
  curveLabel: (title: string, areas: string) => `${title}，面积：${areas}。`,
  area: (label: string, area: string) => `${label}：${area}`,
  otherCurves: (count: number) => `另外 ${inChinese(count)} 个类别的面积见表格。`,
  calibration: '校准',
  confidence: '置信度',
  rightShare: '答对的比例',
  calibrationLabel: (ece: string) => `各置信度下答对的比例，期望校准误差 ${ece}。`,
  ece: (ece: string) => `期望校准误差 ${ece}：把置信度分成 15 组，置信度与准确率平均相差多少。`,
  temperature: (temperature: string, ece: string) => `除以最适合这些行的温度 ${temperature} 之后为 ${ece}。`,
  overconfident: '温度大于 1 说明原来过于自信，小于 1 说明不够自信。',
};

export const takeAlong: Dictionary['takeAlong'] = {
  open: '导出',
  of: (title: string) => `导出：${title}`,
  svg: '图表存为 SVG',
  png: '图表存为 PNG',
  csv: '表格存为 CSV',
  markdown: '复制为 Markdown 表格',
  copied: '已复制。',
  notCopied: '浏览器不允许复制，已改为保存文件。',
  failed: '浏览器无法生成这张图片。',
  page: '存为单个网页（HTML）',
};
