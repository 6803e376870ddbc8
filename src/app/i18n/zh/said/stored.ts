/** Stored comparisons, archives and links, in Chinese. */
import type { Table } from './table.ts';

export const stored = {
  'it is a zip of something else; choose one that the history of the studio has saved':
    '这是别的 zip，请选择由历史记录保存的 zip',
  'it was saved by a newer version of the studio (format {0}, this page reads up to {1}); reload the page to get the newest version':
    '它由更新的版本保存（格式 {0}，本页面最多读取 {1}），请刷新页面以获取新版',
  'in its comparison.json {0}; save it again where it came from':
    '其中的 comparison.json 里 {0}，请在原来的地方重新保存',
  'the run "{0}" does not belong in it; save it again where it came from':
    '其中的运行“{0}”不属于这次对比，请在原来的地方重新保存',
  'the run "{0}" is missing in it; save it again where it came from':
    '其中缺少运行“{0}”，请在原来的地方重新保存',
  '{0} of the run "{1}" is not whole; save it again where it came from':
    '运行“{1}”的 {0} 不完整，请在原来的地方重新保存',
  'its {0} does not read; save it again where it came from': '其中的 {0} 无法读取，请在原来的地方重新保存',
  'the record of the run "{0}" does not read; save it again where it came from':
    '运行“{0}”的记录无法读取，请在原来的地方重新保存',
  'line {0} of the metrics of the run "{1}" does not read; save it again where it came from':
    '运行“{1}”的指标第 {0} 行无法读取，请在原来的地方重新保存',
  '{0} cannot be opened: {1}.': '无法打开 {0}：{1}。',
  'is longer than {0} characters': '超过 {0} 个字符',
  'has control characters': '含有控制字符',
  'is absolute': '是绝对路径',
  'leads out of its folder': '指向文件夹之外',
  'it was made by a newer version of the studio; reload the page to get that':
    '它由更新的版本生成，请刷新页面以获取新版',
  'it was cut off or changed on the way; ask for it again': '链接在途中被截断或改动，请重新索取',
  'it is far too long; ask for it again': '链接过长，请重新索取',
  'The comparison in this link cannot be opened: {0}.': '无法打开链接里的对比：{0}。',
  'The stored runs were written by a newer version of the studio; reload the page to get it.':
    '已保存的运行来自更新的版本，请刷新页面以获取新版。',
  'This browser window keeps no data, so runs last only as long as the page; download what you want to keep.':
    '此浏览器窗口不保存数据，运行记录只在页面打开期间存在，请下载需要保留的内容。',
  'The stored comparison {0} cannot be read: {1}; save it as a file or delete it in the history.':
    '保存的对比 {0} 无法读取：{1}。可在历史记录里把它存为文件或删除。',
  'of a run {0}': '某个运行的 {0}',
  'it is nested too deep': '嵌套层数过多',
  'This browser window keeps no files, so runs last only as long as the page; download what you want to keep.':
    '此浏览器窗口不保存文件，运行记录只在页面打开期间存在，请下载需要保留的内容。',
  'This comparison is no longer stored; it was deleted in another tab.':
    '这次对比已不在存储中，它在另一个标签页里被删除了。',
  '{0}: got {1} methods; expected at most {2}': '{0}：给出了 {1} 个方法，最多 {2} 个',
  '{0} is missing or not as the studio writes it': '{0} 缺失或不是本软件写入的内容',
  '{0} does not read ({1})': '{0} 无法读取（{1}）',
  'it is a zip64; save it as a plain zip': '它是 zip64，请存为普通 zip',
  'it has {0} files where at most {1} are read; choose one that the history of the studio has saved':
    '它含 {0} 个文件，最多读取 {1} 个，请选择由历史记录保存的 zip',
  'the file {0} stands in it twice; save it again': '文件 {0} 在其中出现了两次，请重新保存',
  'the name {0} in it {1}; choose one that the history of the studio has saved':
    '其中的文件名 {0} {1}，请选择由历史记录保存的 zip',
  'it is encrypted; save it without a password': '它已加密，请不设密码重新保存',
  'it would unpack to more than {0} MB; choose another': '解压后会超过 {0} MB，请换一个',
  'it is compressed by method {0}, which is not read here; save it as a plain zip':
    '它使用了这里不支持的压缩方法 {0}，请存为普通 zip',
  'it is no zip, or not a whole one; save or download it again': '它不是 zip，或不完整，请重新保存或下载',
  '{0} has no {1}; train again': '{0} 里没有 {1}，请重新训练',
} satisfies Table;
