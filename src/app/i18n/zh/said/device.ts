/** GPU and processor, in Chinese. */
import type { Table } from './table.ts';

export const device = {
  '{0}: at most {1} MiB are allowed and this takes {2} MiB with all made anew that may be; allow more, choose "f16-base" for {3}, or a smaller {4} with more {5}, which trains on the same mean but not to the same last digits.':
    '{0}：最多允许 {1} MiB，而把能重新计算的都重新计算后仍需 {2} MiB；请放宽上限，或把{3}设为“f16-base”，或减小{4}并增大{5}（所训练的平均值相同，但末几位数会不同）。',
  'Unknown way of choosing kernels "{0}": write tune={1} in the page\'s address, or leave it out.':
    '未知的内核选择方式“{0}”：请在页面地址中写 tune={1}，或者不写。',
  '{0}: "f16" needs a GPU that computes with half precision (shader-f16), and "{1}" does not; choose "f16-base", which any device takes, or "f32".':
    '{0}：“f16”需要支持半精度计算（shader-f16）的 GPU，而“{1}”不支持；请选择任何设备都能用的“f16-base”，或选择“f32”。',
  '{0}: the weight "{1}" has a number that half precision cannot hold: beyond 65,504, infinite, or NaN; choose "f32".':
    '{0}：权重“{1}”中有半精度无法表示的数（超过 65504、无穷大或 NaN）；请选择“f32”。',
  'Unknown adapter "{0}": choose one of {1}.': '未知的设备“{0}”，请从 {1} 中选择。',
  'This began on {0} and goes on on {1}, whose numbers differ in their last digits.':
    '此训练始于{0}，现在改在{1}上继续，两者的数值在末几位上会有差别。',
  'a processor ({0}, Delta Studio {1})': '处理器（{0}，Delta Studio {1}）',
  '{0} (Delta Studio {1})': '{0}（Delta Studio {1} 版）',
  'This browser has no WebGPU, by which the studio reaches a graphics card: use a current Chrome, Edge, Firefox or Safari for that.':
    '此浏览器没有 WebGPU，无法使用显卡；若要使用显卡，请改用新版 Chrome、Edge、Firefox 或 Safari。',
  'This page came neither over https nor from this computer, so the browser keeps graphics cards from it: open it over https or on localhost to use one.':
    '本页既非经 https 也非来自本机，浏览器因此不让它使用显卡；若要使用显卡，请经 https 或在 localhost 打开。',
  "This browser offers no {0}: leave the adapter out of the page's address, or choose gpu or wasm.":
    '此浏览器不提供 {0}，请从网址中去掉 adapter，或选择 gpu 或 wasm。',
  "The browser found no graphics card that it can use: if this computer has one, turn on hardware acceleration in the browser's settings, update the card's driver, and in Chrome on Linux turn on chrome://flags/#enable-unsafe-webgpu.":
    '浏览器没有找到可用的显卡；如果本机有显卡，请在浏览器设置中开启硬件加速并更新显卡驱动，Linux 上的 Chrome 还要开启 chrome://flags/#enable-unsafe-webgpu。',
  "The browser offers no graphics card but {0}, which computes on the processor, only slower: if this computer has a card, turn on hardware acceleration in the browser's settings and update the card's driver.":
    '浏览器只提供 {0}，它其实用处理器计算，而且更慢；如果本机有显卡，请在浏览器设置中开启硬件加速并更新显卡驱动。',
  'Only one thread works, because this page is not isolated from other windows: its server must send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy, as npm start does.':
    '只有一个线程在工作，因为本页没有与其他窗口隔离；服务器须像 npm start 那样发送 Cross-Origin-Opener-Policy 和 Cross-Origin-Embedder-Policy 标头。',
  'Only one thread works, because this browser gives WebAssembly no memory that threads share: use a current 64-bit Chrome, Edge, Firefox or Safari.':
    '只有一个线程在工作，因为此浏览器不给 WebAssembly 线程共享的内存，请使用新版的 64 位 Chrome、Edge、Firefox 或 Safari。',
  'Only one thread works, because another one did not start ({0}): open the page again, or set fewer threads.':
    '只有一个线程在工作，因为另一个线程未能启动（{0}），请重新打开本页，或减少线程数。',
  "This machine's WebAssembly has no SIMD, which the processor needs: use a current Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.":
    '这台机器的 WebAssembly 没有处理器计算所需的 SIMD，请使用新版 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
  'This needs {0} MiB of memory and WebAssembly has {1} MiB, of which {2} MiB are taken: choose a smaller batch size or maximum length, "layers" for {3}, a method that trains fewer weights, fewer runs at once, or a GPU.':
    '这需要 {0} MiB 内存，而 WebAssembly 共有 {1} MiB，其中 {2} MiB 已被占用，请减小批大小或最大长度，将{3}设为“layers”（逐层），选择训练权重更少的方法，减少同时进行的训练，或者使用 GPU。',
  '{0} is {1}: give a number of threads from 1 to 64.': '{0} 是 {1}，请给出 1 到 64 的线程数。',
  'A thread of the processor could not start or has ended ({0}): set the number of threads to 1 (in a shell DELTA_THREADS=1) and try again, or use a GPU.':
    '处理器的一个线程未能启动或已经结束（{0}），请把线程数设为 1（命令行中为 DELTA_THREADS=1）后重试，或者使用 GPU。',
  'This machine gives WebAssembly no memory that can grow to 4 GiB: use a current 64-bit Chrome, Edge, Firefox or Safari, or Node 20, or a GPU.':
    '这台机器不给 WebAssembly 能增长到 4 GiB 的内存，请使用新版的 64 位 Chrome、Edge、Firefox 或 Safari，或 Node 20，或者使用 GPU。',
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
  'choose a smaller batch size or maximum length, "layers" for {0}, a method that trains fewer weights, or fewer runs at once':
    '减小批大小或最大词元数，将{0}设为“layers”（逐层），换一种训练权重更少的方法，或减少同时进行的运行',
  'The buffer {0} needs {1} but this adapter allows {2}: {3}.':
    '缓冲区 {0} 需要 {1}，而此显卡最多允许 {2}，请{3}。',
  'The buffer {0} of {1} could not be allocated ({2}): {3}.': '无法分配 {1} 的缓冲区 {0}（{2}），请{3}。',
  'internal: the device refused a command: {0}': '内部错误：设备拒绝了一条命令：{0}',
  'The GPU device was closed: open the model again to go on.': 'GPU 设备已关闭：请重新打开模型。',
} satisfies Table;
