/** Advice before and during: rates, what a look at the data says, pilots; in Chinese. */
import type { Table } from './table.ts';

export const advice = {
  given: '自定',
  'default for a pretrained encoder of width {0}': '宽度 {0} 的预训练编码器的默认值',
  'default for an untrained encoder of width {0}': '宽度 {0} 的未训练编码器的默认值',
  'default for a pretrained encoder-decoder of width {0}': '宽度 {0} 的预训练编码器-解码器的默认值',
  'default for an untrained encoder-decoder of width {0}': '宽度 {0} 的未训练编码器-解码器的默认值',
} satisfies Table;
