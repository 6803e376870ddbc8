/** What ends the reading of a file, in Chinese. */
import type { Table } from './table.ts';

export const reading: Table = {
  'The adapter {0} cannot be opened: {1}.': '无法打开适配器 {0}：{1}。',
  'Reading {0} was given up; choose it again, or another file.': '已放弃读取 {0}，请重新选择它或换一个文件。',
  'This was given up for what was asked after it; ask again.':
    '为了处理之后的请求，此项已被放弃，请重新提出。',
  '{0} was being read for {1} seconds without an end, so that was stopped: the file may be damaged; choose another one, or one with fewer rows.':
    '读取 {0} 已超过 {1} 秒仍未结束，因此已停止：文件可能已损坏，请换一个文件，或换一个行数更少的文件。',
  'Reading {0} took more memory than this browser gives, so it was stopped; choose a smaller file, or use the command line.':
    '读取 {0} 所需的内存超过浏览器的限制，因此已停止，请选择较小的文件，或使用命令行。',
};
