/** GPU and processor, in Chinese. */
import type { Table } from './table.ts';

export const device = {
  "This machine's WebAssembly has no SIMD and no threads: use a current Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.":
    '这台机器的 WebAssembly 没有 SIMD 和线程，请使用新版 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
  'This needs {0} MiB of memory and WebAssembly has {1} MiB, of which {2} MiB are taken: choose a smaller batch size or maximum length, a method that trains fewer weights, fewer runs at once, or a GPU.':
    '这需要 {0} MiB 内存，而 WebAssembly 共有 {1} MiB，其中 {2} MiB 已被占用，请减小批大小或最大长度，选择训练权重更少的方法，减少同时进行的训练，或者使用 GPU。',
  'DELTA_THREADS is {0}: give a number of threads from 1 to 64.':
    'DELTA_THREADS 是 {0}，请给出 1 到 64 的线程数。',
  'A thread of the processor could not start or has ended ({0}): try again with one thread (DELTA_THREADS=1), or use a GPU.':
    '处理器的一个线程未能启动或已经结束（{0}），请用一个线程重试（DELTA_THREADS=1），或者使用 GPU。',
  'This machine gives WebAssembly no shared memory: use a current 64-bit Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.':
    '这台机器不给 WebAssembly 共享内存，请使用新版的 64 位 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
  "WebAssembly's memory cannot grow to {0} MiB on this machine: close other programs or pages, or choose a smaller batch size or maximum length, or fewer runs at once.":
    'WebAssembly 的内存在这台机器上无法增长到 {0} MiB，请关闭其他程序或页面，或者减小批大小或最大长度，或减少同时进行的训练。',
  "The processor's threads were closed: open the model again to go on.":
    '处理器的线程已关闭，请重新打开模型后继续。',
  'This browser has no WebGPU: use a current Chrome, Edge, Firefox or Safari, over https or on localhost.':
    '此浏览器没有 WebGPU：请使用新版 Chrome、Edge、Firefox 或 Safari，并通过 https 或 localhost 打开。',
  'WebGPU found no adapter: update the graphics driver, or start the browser with software rendering enabled.':
    'WebGPU 没有找到可用的显卡：请更新显卡驱动，或在启用软件渲染的情况下启动浏览器。',
  'The adapter refused to open a device ({0}): reload and try again.':
    '显卡拒绝打开设备（{0}）：请刷新页面后再试。',
  'The GPU device was lost ({0}): what was trained up to the last checkpoint is kept, resume the run from there.':
    'GPU 设备丢失（{0}）：到最近一个检查点为止的训练结果已保留，可以从那里继续。',
  'choose a smaller batch size or maximum length, a method that trains fewer weights, or fewer runs at once':
    '减小批大小或最大词元数，换一种训练权重更少的方法，或减少同时进行的运行',
  'The buffer {0} needs {1} but this adapter allows {2}: {3}.':
    '缓冲区 {0} 需要 {1}，而此显卡最多允许 {2}，请{3}。',
  'The buffer {0} of {1} could not be allocated ({2}): {3}.': '无法分配 {1} 的缓冲区 {0}（{2}），请{3}。',
  'internal: the device refused a command: {0}': '内部错误：设备拒绝了一条命令：{0}',
  'The GPU device was closed: open the model again to go on.': 'GPU 设备已关闭：请重新打开模型。',
} satisfies Table;
