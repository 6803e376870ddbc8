/** Models from a hub, in Chinese. */
import type { Table } from './table.ts';

export const hub = {
  "{0} answered without the commit of {1}; set an endpoint that speaks the hub's API.":
    '{0} 的回答里没有 {1} 的提交号，请换一个支持 hub 接口的地址。',
  '{0} answered {1} as the commit of {2}, which is no git commit; use another endpoint.':
    '{0} 给出的 {2} 的提交号是 {1}，这不是 git 提交号，请改用其他地址。',
  '{0} lists {1} as a file of {2}, which is no path inside its folder; use another endpoint.':
    '{0} 把 {1} 列为 {2} 的文件，而它不是该文件夹内的路径，请改用其他地址。',
  "{0} listed the files of {1} in another form than the hub's (at {2}); set an endpoint that speaks the hub's API.":
    '{0} 列出 {1} 的文件时用的格式与 hub 不同（在 {2} 处），请换一个支持 hub 接口的地址。',
  '{0} sent nothing for {1} s; check the connection and load the model again to go on from where it stopped.':
    '{0} 已有 {1} 秒没有发来数据，请检查网络后重新加载模型，从中断处继续。',
  '{0} sent a web page in place of {1} (perhaps of a sign-in or a proxy); open its address in a browser, then load the model again.':
    '{0} 发来的是网页而不是 {1}（可能来自登录页或代理），请先在浏览器中打开该地址，再重新加载模型。',
  '{0} of {1} arrived damaged twice (its hash is another than {2} lists); try again later, or set another endpoint.':
    '{1} 的 {0} 两次下载都损坏（哈希与 {2} 列出的不符），请稍后再试，或改用其他地址。',
  '{0} sent more of {1} than the {2} bytes it lists; try again later, or set another endpoint.':
    '{0} 发来的 {1} 超过它列出的 {2} 字节，请稍后再试，或改用其他地址。',
  'The download of {0} broke off at {1} of {2} MB; load the model again to go on from there.':
    '{0} 下载到 {1} / {2} MB 时中断，重新加载模型即可从此处继续。',
  'model.onnx, onnx/model.onnx, or encoder_model.onnx with decoder_model.onnx':
    'model.onnx、onnx/model.onnx，或 encoder_model.onnx 与 decoder_model.onnx',
  'The endpoint "{0}" is no web address; write one such as {1}.': '“{0}”不是网址，请写成类似 {1} 的地址。',
  'is empty': '是空的',
  'holds {0}': '包含 {0}',
  '{0} has no ONNX file (looked for {1}); it {2}: choose a repository with an ONNX export.':
    '{0} 里没有 ONNX 文件（查找过 {1}）；它{2}，请选择带有 ONNX 导出的仓库。',
  "{0} sent the listing of {1} on to another address; set an endpoint that speaks the hub's API.":
    '{0} 把 {1} 的文件列表转到了另一个地址，请换一个支持 hub 接口的地址。',
  'the files of {0}': '{0} 的文件列表',
  "{0} answered with something that is no JSON; set an endpoint that speaks the hub's API.":
    '{0} 的回答不是 JSON，请换一个支持 hub 接口的地址。',
  "{0} lists more files of {1} than any model has; set an endpoint that speaks the hub's API.":
    '{0} 为 {1} 列出的文件多得不像模型，请换一个支持 hub 接口的地址。',
  'The browser has no room left for the model; delete runs from the history or free disk space, then try again.':
    '浏览器没有空间存放模型了，请在历史记录中删除一些运行，或腾出磁盘空间后再试。',
  "The browser cannot keep the model's files ({0}); reload the page and try again, or download the model and choose its folder.":
    '浏览器无法保存模型文件（{0}），请刷新页面后再试，或下载模型后选择其文件夹。',
  'The download of {0} was cancelled; what has arrived is kept.': '已取消下载 {0}，已收到的部分会保留。',
  '{0} cannot be reached; check the connection, or set another endpoint (such as https://hf-mirror.com).':
    '无法连接 {0}，请检查网络，或改用其他地址（如 https://hf-mirror.com）。',
  '{0} has no model {1} at revision {2}; check the spelling of owner, name and revision.':
    '{0} 上没有模型 {1}（版本 {2}），请检查所有者、名称和版本是否拼写正确。',
  '{0} does not open {1} to everyone (it is gated or private, or does not exist); download it with your account and choose its folder.':
    '{0} 没有公开 {1}（受限、私有或不存在），请用你的账号下载后选择其文件夹。',
  '{0} has had too many requests; it is asked again in {1} s.': '{0} 收到的请求太多，{1} 秒后再次请求。',
  '{0} answered {1}; it is asked again in {2} s.': '{0} 返回了 {1}，{2} 秒后再次请求。',
  '{0} has had too many requests and takes none for {1} now; try again in some minutes.':
    '{0} 收到的请求太多，现在不接受对 {1} 的请求，请过几分钟再试。',
  '{0} has had too many requests and takes none for {1} now; try again in {2} s.':
    '{0} 收到的请求太多，现在不接受对 {1} 的请求，请在 {2} 秒后再试。',
  '{0} lists {1} of {2} twice, and not as the same file; use another endpoint.':
    '{0} 两次列出了 {2} 的 {1}，而两者不是同一个文件，请换一个端点。',
  '{0} lists {1} of {2} as a file and as a folder; use another endpoint.':
    '{0} 把 {2} 的 {1} 既列为文件又列为文件夹，请换一个端点。',
  '{0} sent less of {1} than the {2} bytes it lists; try again later, or set another endpoint.':
    '{0} 发来的 {1} 少于它所列的 {2} 字节，请稍后再试，或换一个端点。',
  '{0} lists {1} of {2} and does not have it; try again later, or set another endpoint.':
    '{0} 列出了 {2} 的 {1}，却没有这个文件，请稍后再试，或换一个端点。',
  '{0} answered {1} for {2}; try again later.': '{0} 对 {2} 返回了 {1}，请稍后再试。',
  '{0} answered {1} for {2}; try again in {3} s.': '{0} 对 {2} 返回了 {1}，请在 {3} 秒后再试。',
  '"{0}" is no hub id; write owner/name, with @revision if another than main is meant.':
    '“{0}”不是 hub 上的名称，请写成 owner/name，若不用 main 分支再加 @revision。',
  "The page's security policy lets it connect neither to {0} nor to where that sends downloads on; start the studio with `npm start -- --hub {1}`, or download the model and choose its folder.":
    '本页的安全策略不允许连接 {0} 及其转往的下载地址，请用 `npm start -- --hub {1}` 启动，或下载模型后选择其文件夹。',
  '{0} has no data set {1} at revision {2}; check the spelling of owner and name, or name a revision that holds Parquet files, as in hub:owner/name@main.':
    '{0} 上没有修订版 {2} 的数据集 {1}；请检查所有者和名称的拼写，或指定一个有 Parquet 文件的修订版，例如 hub:owner/name@main。',
  '"{0}" is no data set of a hub; write hub:owner/name, with @revision, /config and :split where they are meant':
    '“{0}”不是 hub 上的数据集；请写 hub:所有者/名称，需要时加上 @修订版、/配置和 :划分',
  'The hub cannot be reached; {0} is taken as it was kept before.': '无法连接 hub；{0} 使用之前保存的内容。',
  'Of {0} the first {1} rows are read, and the rest is left out.': '{0} 只读取前 {1} 行，其余略去。',
  '{0} has no Parquet files at revision {1}; name another revision, or download it and give its files':
    '{0} 在修订版 {1} 没有 Parquet 文件；请指定另一个修订版，或下载后给出文件',
  '{0} has several configurations ({1}); name one, as in hub:{2}/{3}':
    '{0} 有多个配置（{1}）；请指定一个，例如 hub:{2}/{3}',
  '{0} has no configuration {1}; it has {2}': '{0} 没有配置 {1}；它有 {2}',
  '{0} has no split {1}; it has {2}: name one as in hub:{3}:{4}, or give {5} as a share':
    '{0} 没有划分 {1}；它有 {2}：请指定一个，例如 hub:{3}:{4}，或把 {5} 写成比例',
  '{0} has {1} MB, and at most {2} MB of a split are read; name another split, or download it and give a part of it':
    '{0} 有 {1} MB，而一个划分至多读取 {2} MB；请指定另一个划分，或下载后给出其中一部分',
  '{0} has other columns than {1}, so the files are not of one table; give a config or a split that is':
    '{0} 的列与 {1} 不同，因此这些文件不是同一个表；请给出属于同一个表的配置或划分',
} satisfies Table;
