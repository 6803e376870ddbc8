/** What the processor's back end says, in Chinese. */
import type { Phrases } from './phrasebook.ts';

export const processor: Phrases = {
  "This machine's WebAssembly has no SIMD and no threads: use a current Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.":
    '这台机器的 WebAssembly 没有 SIMD 和线程，请使用新版 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
  'This machine gives WebAssembly no shared memory: use a current 64-bit Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.':
    '这台机器不给 WebAssembly 共享内存，请使用新版的 64 位 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
  'This needs {forecast} MiB of memory and WebAssembly has {most} MiB, of which {taken} MiB are taken: choose a smaller batch size or maximum length, a method that trains fewer weights, fewer runs at once, or a GPU.':
    '这需要 {forecast} MiB 内存，而 WebAssembly 共有 {most} MiB，其中 {taken} MiB 已被占用，请减小批大小或最大长度，选择训练权重更少的方法，减少同时进行的训练，或者使用 GPU。',
  "WebAssembly's memory cannot grow to {wanted} MiB on this machine: close other programs or pages, or choose a smaller batch size or maximum length, or fewer runs at once.":
    'WebAssembly 的内存在这台机器上无法增长到 {wanted} MiB，请关闭其他程序或页面，或者减小批大小或最大长度，或减少同时进行的训练。',
  "The attention {where} has {keys} keys, too many for the processor's kernels: choose a smaller maximum length, or a GPU.":
    '注意力 {where} 有 {keys} 个键，处理器的计算核容不下，请减小最大长度，或者使用 GPU。',
  'DELTA_THREADS is {wanted}: give a number of threads from 1 to 64.':
    'DELTA_THREADS 是 {wanted}，请给出 1 到 64 的线程数。',
  'A thread of the processor could not start or has ended ({reason}): try again with one thread (DELTA_THREADS=1), or use a GPU.':
    '处理器的一个线程未能启动或已经结束（{reason}），请用一个线程重试（DELTA_THREADS=1），或者使用 GPU。',
  "The processor's threads were closed: open the model again to go on.":
    '处理器的线程已关闭，请重新打开模型后继续。',
};
