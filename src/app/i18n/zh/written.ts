/** 生成文本面板的文字。 */
import type { Dictionary } from '../en.ts';

export const written: Dictionary['written'] = {
  title: '生成的文本',
  scores: '生成文本的得分',
  help: (rows, of) => `为验证集 ${of} 行中的前 ${rows} 行生成。`,
  missing: '仅参考文本有',
  added: '仅生成文本有',
  filter: '显示哪些行',
  filters: { all: '全部', differ: '仅方法不一致的', wrong: '仅有错的' },
  source: '源文本',
  reference: '参考',
  line: (line) => `第 ${line} 行`,
  right: '与参考一致',
  empty: '没有写出内容',
  none: '没有生成文本：评估时要求生成的行数为 0。',
  noRow: '没有这样的行。',
};
