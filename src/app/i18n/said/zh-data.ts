/** What reading data says, in Chinese. Problems stand without a full stop: a file and a line go in front. */
import type { Phrases } from './phrasebook.ts';

export const data: Phrases = {
  '{file}, line {line}: {=problem}.': '{file} 第 {line} 行：{problem}。',
  '{file}, row {line}: {=problem}.': '{file} 第 {line} 行：{problem}。',
  '{file}: {=problem}.': '{file}：{problem}。',
  '{file}: {=rows} left out; line {line}: {=what}.': '{file}：略去了 {rows}；第 {line} 行：{what}。',
  '{file}: {=one}; {=other}.': '{file}：{one}；{other}。',
  '{file}: {=one}; {=two}; {=three}.': '{file}：{one}；{two}；{three}。',
  'The playground, line {line}: {=problem}.': '试一试的第 {line} 行：{problem}。',
  // What stands alone here and after a file elsewhere.
  '{=sentence}.': '{sentence}。',
  '1 row was': '1 行',
  '{#count} rows were': '{count} 行',
  'the {=what} in column "{column}" is empty': '列“{column}”中的{what}为空',
  'the {=what} in column "{column}" is missing': '列“{column}”中缺少{what}',
  'the label {label} in column "{column}" is not a number, which a regression needs':
    '列“{column}”中的标签 {label} 不是数字，而回归需要数字',
  'the label {label} in column "{column}" does not occur in the training data, which has {~labels}':
    '列“{column}”中的标签 {label} 在训练数据中没有出现（训练数据有 {labels}）',
  'the label {label} in column "{column}" has no word in data.verbalizer, which has {~labels}':
    '列“{column}”中的标签 {label} 在 data.verbalizer 里没有对应的词（已有 {labels}）',
  "{file}: labels that differ from the model's own in case or spacing only are taken for them: {pairs}.":
    '{file}：以下标签与模型自带的标签只差大小写或空格，按模型的标签处理：{pairs}。',
  '{file}: these labels differ in case or spacing only and are classes of their own: {pairs}; if they mean the same, make them one in the file or in data.labels.':
    '{file}：以下标签只差大小写或空格，算作不同的类别：{pairs}；如果意思相同，请在文件里或用 data.labels 合并。',
  'The labels {labels} are not those that the model\'s classifier was made for, {named}: say in data.labels which is which ({example}: {name} or another, and so on), or set model.head to "fresh" to train a new classifier.':
    '数据的标签 {labels} 与模型分类头的标签 {named} 不同：请在 data.labels 中写明对应关系（如 {example}：{name} 或其他），或把 model.head 设为“fresh”以训练新的分类头。',
  '{=width} where line {#line} has {#columns}': '有 {width}，而第 {line} 行有 {columns} 列',
  '{=problem} (and {#count} more row[s] cannot be used: line[s] {lines})':
    '{problem}（另有 {count} 行无法使用：第 {lines} 行）',

  'the file is empty; choose a file with rows': '文件是空的，请换一个有内容的文件',
  'the file has no rows; choose a file with rows': '文件里没有数据行，请换一个有数据的文件',
  'the file has a header but no rows; add at least one row below it': '文件只有表头没有数据，请至少添加一行',
  'this is an Excel workbook or a zip archive; save the sheet as CSV (UTF-8)':
    '这是 Excel 工作簿或 zip 压缩包，请把工作表另存为 CSV（UTF-8）',
  'this is an old Excel workbook; save the sheet as CSV (UTF-8)':
    '这是旧版 Excel 工作簿，请把工作表另存为 CSV（UTF-8）',
  'this is gzip-compressed; unpack it first': '这是 gzip 压缩文件，请先解压',
  'this is a Parquet file; give it a name that ends in .parquet':
    '这是 Parquet 文件，请把文件名改为以 .parquet 结尾',
  'this is a {kind} document; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 {kind} 文档，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'this is a {kind} image; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 {kind} 图片，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'a NUL byte stands here, so this is not text; choose a CSV, TSV, JSON Lines or Parquet file':
    '此处有 NUL 字节，说明这不是文本文件，请选择 CSV、TSV、JSON Lines 或 Parquet 文件',
  'a character here is not valid UTF-8 though the rest of the file is; correct or remove this line':
    '文件其余部分是 UTF-8，但此处有不合法的字符，请改正或删除这一行',
  'neither its name nor its content tells the format (comma, semicolon, tab and pipe were tried as separators); name it .csv, .tsv or .jsonl by what it holds':
    '从文件名和内容都看不出格式（逗号、分号、制表符和竖线都试过了），请按内容把它命名为 .csv、.tsv 或 .jsonl',
  'it cannot be told whether {cells}, … name the columns or are a row of data; set data.header to true or false':
    '看不出 {cells} 等是列名还是一行数据，请把 data.header 设为 true 或 false',
  'it cannot be told whether {cells} name the columns or are a row of data; set data.header to true or false':
    '看不出 {cells} 是列名还是一行数据，请把 data.header 设为 true 或 false',
  'comma, semicolon, tab and pipe were tried as separators and the first line is one column with each; choose a table with a text and a label column, or name its separator in a first line such as sep=;':
    '逗号、分号、制表符和竖线都试过了，第一行始终只有一列；请选择有文本列和标签列的表格，或在首行写明分隔符，例如 sep=;',
  'comma, semicolon, tab and pipe were tried as separators and none gives a table: with the {=separator} the first line has {#columns} columns and {#share}% of the rows have another number, such as {#other}; put cells that hold the separator in quotes, or name another in a first line such as sep=;':
    '逗号、分号、制表符和竖线都试过了，没有一种能得到表格：按{separator}分隔时第一行有 {columns} 列，而 {share}% 的行列数不同，例如 {other} 列；请给含有分隔符的单元格加上引号，或在首行写明别的分隔符，例如 sep=;',
  comma: '逗号',
  semicolon: '分号',
  tab: '制表符',
  pipe: '竖线',
  'character {character}': '字符 {character}',
  'Columns are separated by the {=separator}': '各列以{separator}分隔',
  'Cells of this TSV file are quoted as in CSV: their quotes were taken off, and doubled ones inside are one':
    '这个 TSV 文件像 CSV 那样给单元格加了引号：外层引号已去掉，内部成对的引号合为一个',
  'Several columns are named {name}: they are told apart as {names}': '有多列都叫 {name}：以 {names} 区分',
  '{value} does not open with LABEL:fine and a space; put its label in front':
    '{value} 不是以 LABEL:fine 加空格开头，请把标签写在前面',
  'a JSON {~kind} where an object is needed; write {example}':
    '这里是 JSON {kind}，而需要一个对象，请写成 {example}',
  array: '数组',
  string: '字符串',
  number: '数字',
  boolean: '布尔值',
  'not valid JSON, beginning {source}; write one complete JSON object a line':
    '不是合法的 JSON（开头是 {source}），请每行写一个完整的 JSON 对象',
  '{value} is not JSON; write one complete JSON object a line':
    '{value} 不属于 JSON，请每行写一个完整的 JSON 对象',
  'not valid JSON, beginning {source}; write an array of complete JSON objects':
    '不是合法的 JSON（开头是 {source}），请写成由完整 JSON 对象组成的数组',
  '{value} is not JSON; write an array of complete JSON objects':
    '{value} 不属于 JSON，请写成由完整 JSON 对象组成的数组',
  'not valid JSON: a field is not written "name": value; write an array of complete JSON objects':
    '不是合法的 JSON：有字段没有写成 "名称": 值 的形式，请写成由完整 JSON 对象组成的数组',
  'the object holds no array of objects; write an array of objects, as pandas does with orient="records"':
    '这个对象里没有对象数组，请写成对象数组，例如 pandas 的 orient="records"',
  'the object holds several arrays of objects, {names}; write the one that is meant into a file of its own':
    '这个对象里有多个对象数组：{names}，请把要用的那一个单独写成一个文件',
  'something follows the array; write an array of complete JSON objects':
    '数组之后还有别的内容，请写成由完整 JSON 对象组成的数组',
  'neither an array nor an object begins here; write an array of complete JSON objects':
    '此处开头的既不是数组也不是对象，请写成由完整 JSON 对象组成的数组',
  'the JSON is not closed or a comma is missing here; save the file whole, or write an array of complete JSON objects':
    'JSON 在此处没有闭合或缺少逗号，请保存完整的文件，或写成由完整 JSON 对象组成的数组',
  'the objects have no fields; write {example}': '这些对象没有字段，请写成 {example}',
  'nested more than {depth} deep; keep the fields of text and label':
    '嵌套超过 {depth} 层，请只保留文本和标签字段',
  '{rows} rows of {columns} columns are more than {most} cells; keep the columns of text and label, or fewer rows':
    '{rows} 行 {columns} 列超过了 {most} 个单元格，请只保留文本列和标签列，或减少行数',
  '{count} rows, and at most {most} are read; write fewer rows into a file':
    '共有 {count} 行，最多读取 {most} 行，请让每个文件的行数少一些',
  'no column holds texts or numbers; choose a file with texts':
    '没有哪一列是文本或数字，请换一个有文本的文件',
  'Columns of bytes that are no text are left out: {names}': '不是文本的字节列已略去：{names}',
  'a quoted field opens here and is never closed; close it, or double the quotes inside it ("")':
    '此处的引号没有闭合，请补上引号，字段内部的引号要写成两个（""）',
  'a quoted field goes on after its closing quote; double the quotes inside it ("")':
    '引号闭合之后字段还在继续，字段内部的引号要写成两个（""）',
  '{=width} where line {#line} has {#columns}; give every line the same number of columns':
    '有 {width}，而第 {line} 行有 {columns} 列，请让每一行的列数相同',
  '{#count} column[s]': '{count} 列',
  '{count} columns, and at most {most} are read; keep the columns of text and label':
    '共有 {count} 列，最多读取 {most} 列，请只保留文本列和标签列',
  'there is no column "{column}"; {=has}: name one of these': '没有名为“{column}”的列；{has}，请从中选择',
  'it has {columns}': '它的列有 {columns}',
  'it has {columns}, … ({#count} columns)': '它的列有 {columns} 等 {count} 列',
  '{list}, … ({#count} columns)': '{list} 等 {count} 列',
  '{list}, … ({#count} classes)': '{list} 等 {count} 类',
  'it has no header, and columns 0 to {last}': '它没有表头，列号为 0 到 {last}',
  '{file}: the Parquet file cannot be read ({why}); write it again or convert it to CSV.':
    '{file}：无法读取这个 Parquet 文件（{why}），请重新生成，或转换为 CSV。',
  '{file}: the column {column} of the Parquet file cannot be read ({why}); write the file again or convert it to CSV.':
    '{file}：无法读取这个 Parquet 文件的列 {column}（{why}），请重新生成文件，或转换为 CSV。',
  'it cannot be told which column holds the {=what}; set data.columns.{field} to one of {~columns}':
    '看不出哪一列是{what}，请把 data.columns.{field} 设为以下之一：{columns}',
  text: '文本',
  label: '标签',
  target: '目标文本',
  'the text is empty; write one': '文本是空的，请写一段',
  'the {=what} in column "{column}" is empty; fill it in, or leave such rows out with data.missing "drop"':
    '列“{column}”中的{what}为空，请填写，或用 data.missing "drop" 略去这样的行',
  'the {=what} in column "{column}" is missing; fill it in, or leave such rows out with data.missing "drop"':
    '列“{column}”中缺少{what}，请填写，或用 data.missing "drop" 略去这样的行',
  'the {=what} in column "{column}" is {value}, which stands for a missing one; fill it in, or leave such rows out with data.missing "drop"':
    '列“{column}”中的{what}是 {value}，表示缺失，请填写，或用 data.missing "drop" 略去这样的行',
  'the {=what} in column "{column}" is {value}, which stands for a missing one':
    '列“{column}”中的{what}是 {value}，表示缺失',
  'the label {label} in column "{column}" stands for a missing one; leave such rows out with data.missing "drop", or keep it as a class with data.missingValues []':
    '列“{column}”中的标签 {label} 表示缺失，请用 data.missing "drop" 略去这样的行，或用 data.missingValues [] 把它当作一个类别',
  'the label {label} in column "{column}" stands for a missing one': '列“{column}”中的标签 {label} 表示缺失',
  'the label {label} in column "{column}" is not a number, which a regression needs; correct it or choose the task classification':
    '列“{column}”中的标签 {label} 不是数字，而回归需要数字，请改正，或把任务改为分类',
  'the label {label} in column "{column}" does not occur in the training data, which has {~labels}; correct it or add training rows with it':
    '列“{column}”中的标签 {label} 在训练数据中没有出现（训练数据有 {labels}），请改正，或补充带有它的训练行',
  'the label {label} in column "{column}" has no word in data.verbalizer, which has {~labels}; add one':
    '列“{column}”中的标签 {label} 在 data.verbalizer 里没有对应的词（已有 {labels}），请补上',
  'column "{column}" has {distinct} different labels in {rows} rows, so it names no classes; choose another label column, or the task text-to-text if it holds answers in words':
    '列“{column}”的 {rows} 行里有 {distinct} 种标签，不像是类别，请换一个标签列；如果它是文字答案，请把任务改为文本到文本',
  'all {rows} rows for training have the label {label} in column "{column}", and a classifier needs two classes; add rows of another class or raise data.limit.train':
    '用于训练的 {rows} 行在列“{column}”中的标签都是 {label}，而分类至少需要两类，请补充其他类别的行，或提高 data.limit.train',
  'the only row for training have the label {label} in column "{column}", and a classifier needs two classes; add rows of another class or raise data.limit.train':
    '唯一的训练行在列“{column}”中的标签是 {label}，而分类至少需要两类，请补充其他类别的行，或提高 data.limit.train',
  'A classification needs at least two labels and there are none; check the label column.':
    '分类至少需要两种标签，而这里一种也没有，请检查标签列。',
  'A classification needs at least two labels and there is one, "{label}"; check the label column.':
    '分类至少需要两种标签，而这里只有“{label}”一种，请检查标签列。',
  'no rows are left for {~split}; raise data.limit or data.validation':
    '没有剩下可用于{split}的行，请提高 data.limit 或 data.validation',
  train: '训练',
  validation: '验证',
  test: '测试',
  '{rows} row[s] cannot be split into training and validation; add rows':
    '只有 {rows} 行，无法分成训练和验证两部分，请补充数据',
  'the text has no tokens; fill it in or remove the line': '这段文本没有任何词元，请填写或删除这一行',
  'the target has no tokens; fill it in or remove the line': '目标文本没有任何词元，请填写或删除这一行',
  'The first line was taken as data: the file has no header': '第一行被当作数据：文件没有表头',
  'Read as UTF-16, by its byte-order mark': '按字节顺序标记以 UTF-16 读取',
  'Read as UTF-16, by its line ends and separators': '按换行和分隔符以 UTF-16 读取',
  'Not UTF-8: read as {encoding}.': '不是 UTF-8，按 {encoding} 读取。',
  'Not UTF-8: read as {encoding}': '不是 UTF-8，按 {encoding} 读取',
  'it cannot be told in which encoding the text is: {readings}; set data.encoding to the right one, or save the file as UTF-8':
    '看不出文本用的是哪种编码：{readings}；请把 data.encoding 设为正确的编码，或把文件另存为 UTF-8',
  '"{label}" is no encoding that is read; name one such as utf-8 or shift_jis':
    '“{label}”不是可读取的编码，请写 utf-8、shift_jis 之类的名称',
  '{#count} lines hold a replacement character (U+FFFD) where a letter was lost before this file was written; export it again as UTF-8':
    '有 {count} 行含有替换字符（\ufffd），原来的字在写成此文件之前就已丢失，请重新以 UTF-8 导出',
  '{found} should be {meant}: the text was read as {encoding} before this file was written; export it again as UTF-8, or set data.encoding to utf-8 to take it as it is':
    '{found} 应为 {meant}：文本在写成此文件之前曾被当作 {encoding} 读取，请重新以 UTF-8 导出，或把 data.encoding 设为 utf-8 照原样使用',
  'bytes that are none of {encoding}; set data.encoding to the right encoding, or save the file as UTF-8':
    '这里的字节不属于 {encoding}，请把 data.encoding 设为正确的编码，或把文件另存为 UTF-8',
  'this is text in UTF-32; save it as UTF-8': '这是 UTF-32 文本，请另存为 UTF-8',
  '{#rows} of {#all} rows were cut to {#length} tokens': '{all} 行中有 {rows} 行被截到 {length} 个词元',
  '{#rows} of {#all} rows hold a token the vocabulary lacks': '{all} 行中有 {rows} 行含有词表里没有的词元',
  '{file} cannot be read; it may have been moved or changed since, so choose it again.':
    '无法读取 {file}，它可能已被移动或改动，请重新选择。',
  'The file has {size} MB: its first {read} MB are read, {rows} rows, and the rest is left out':
    '文件有 {size} MB：读取了前 {read} MB，共 {rows} 行，其余略去',
  '{file} has {size} MB and a page reads up to {most} MB of it in whole rows, which this file does not allow; cut it into smaller files, or use the command line.':
    '{file} 有 {size} MB，网页最多按整行读取 {most} MB，而这个文件做不到，请拆成小文件，或改用命令行。',
  '{url} answered {status}; check the connection and reload the page.':
    '{url} 返回了 {status}，请检查网络并刷新页面。',
  'There is no data yet; choose a file first.': '还没有数据，请先选择文件。',
};
