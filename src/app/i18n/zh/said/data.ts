/** Data files and their rows, in Chinese. */
import type { Table } from './table.ts';

export const data = {
  '{0} is "balanced" and no training row is of class {1}; add rows of it, or give weights by label.':
    '{0} 设为“balanced”，而训练数据中没有 {1} 类的行，请补充该类的数据，或按标签给出权重。',
  '{0} has a weight for {1}, which is none of the classes {2}.': '{0} 给出了 {1} 的权重，但类别只有 {2}。',
  '{0} has a weight for {1} and one for {2}, which are the same class; give one.':
    '{0} 给出了 {1} 和 {2} 的权重，而它们是同一类，请只给一个。',
  'The weight of class {0} does nothing: no training row is of that class.':
    '类别 {0} 的权重不起作用：训练数据中没有该类的行。',
  'the label {0} in column "{1}" is too large: its square is beyond single precision':
    '列“{1}”中的标签 {0} 过大：它的平方超出单精度范围',
  'scale the labels, to about -1 to 1': '请把标签缩放到约 -1 到 1',
  '{0} has {1} columns; name one or two.': '{0} 有 {1} 列，请指明一列或两列。',
  'no rows are left for train; raise {0} or {1}': '没有剩下可用于训练的行，请提高 {0} 或 {1}',
  'no rows are left for validation; raise {0} or {1}': '没有剩下可用于验证的行，请提高 {0} 或 {1}',
  'no rows are left for test; raise {0} or {1}': '没有剩下可用于测试的行，请提高 {0} 或 {1}',
  '{0}: {1}': '{0}：{1}',
  'the text is empty; write one': '文本是空的，请写一段',
  '{0} asks for {1} rows of each class and {2} has {3}; lower it or add rows':
    '{0} 要求每类 {1} 行，而 {2} 只有 {3} 行，请调小它或补充数据',
  'it cannot be told which column holds the text': '看不出哪一列是文本',
  'it cannot be told which column holds the label': '看不出哪一列是标签',
  'it cannot be told which column holds the target': '看不出哪一列是目标文本',
  '{0}; set {1} to one of {2}': '{0}，请把 {1} 设为以下之一：{2}',
  "{0}: labels that differ from the model's own in case or spacing only are taken for them: {1}.":
    '{0}：以下标签与模型自带的标签只差大小写或空格，按模型的标签处理：{1}。',
  '{0}: these labels differ in case or spacing only and are classes of their own: {1}; if they mean the same, make them one in the file or in {2}.':
    '{0}：以下标签只差大小写或空格，算作不同的类别：{1}；如果意思相同，请在文件里或用 {2} 合并。',
  'The labels {0} are not those that the model\'s classifier was made for, {1}: say in {2} which is which ({3}: {4} or another, and so on), or set {5} to "fresh" to train a new classifier.':
    '数据的标签 {0} 与模型分类头的标签 {1} 不同：请在 {2} 中写明对应关系（如 {3}：{4} 或其他），或把 {5} 设为“fresh”以训练新的分类头。',
  'the text in column "{0}" is empty': '列“{0}”中的文本为空',
  'the target in column "{0}" is empty': '列“{0}”中的目标文本为空',
  'the label {0} in column "{1}" has no word in {2}, which has {3}':
    '列“{1}”中的标签 {0} 在 {2} 里没有对应的词（已有 {3}）',
  'add one': '补上',
  'the label {0} in column "{1}" does not occur in the training data, which has {2}':
    '列“{1}”中的标签 {0} 在训练数据中没有出现（训练数据有 {2}）',
  'correct it or add training rows with it': '改正，或补充带有它的训练行',
  'the label {0} in column "{1}" is not a number, which a regression needs':
    '列“{1}”中的标签 {0} 不是数字，而回归需要数字',
  'the label {0} in column "{1}" is a number with a comma': '列“{1}”中的标签 {0} 是带逗号的数字',
  'write it without one, decimals with a point, or choose the task classification':
    '请去掉逗号，小数用小数点，或把任务改为分类',
  'correct it or choose the task classification': '改正，或把任务改为分类',
  'the label in column "{0}" is missing': '列“{0}”中缺少标签',
  'column "{0}" has {1} different labels in {2} rows, so it names no classes; choose another label column, or the task text-to-text if it holds answers in words':
    '列“{0}”的 {2} 行里有 {1} 种标签，不像是类别，请换一个标签列；如果它是文字答案，请把任务改为文本到文本',
  'add rows of another class or raise {0}': '补充其他类别的行，或提高 {0}',
  'add rows of another class': '请加入其他类别的行',
  'the only row for training has the label {0} in column "{1}", and a classifier needs two classes; {2}':
    '唯一的训练行在列“{1}”中的标签是 {0}，而分类至少需要两类，请{2}',
  'all {0} rows for training have the label {1} in column "{2}", and a classifier needs two classes; {3}':
    '用于训练的 {0} 行在列“{2}”中的标签都是 {1}，而分类至少需要两类，请{3}',
  '{0}, … ({1} classes)': '{0} 等 {1} 类',
  '{0} and {1} together leave no rows to train on; give fractions that add up to less than 1.':
    '{0} 与 {1} 加起来没有留下训练数据，请让两者之和小于 1。',
  '{0} is {1}; give a file or a fraction between 0 and 1.': '{0} 为 {1}，请给出文件，或 0 到 1 之间的占比。',
  '1 row cannot be split into training and validation; add rows':
    '只有 1 行，无法分成训练和验证两部分，请补充数据',
  '{0} rows cannot be split into training and validation; add rows':
    '只有 {0} 行，无法分成训练和验证两部分，请补充数据',
  '{0}': '{0}',
  'Columns are separated by the {0}.': '各列以{0}分隔。',
  'a quoted field opens here and is never closed; close it, or double the quotes inside it ("")':
    '此处的引号没有闭合，请补上引号，字段内部的引号要写成两个（""）',
  'a quoted field goes on after its closing quote; double the quotes inside it ("")':
    '引号闭合之后字段还在继续，字段内部的引号要写成两个（""）',
  'this is an Excel workbook or a zip archive; save the sheet as CSV (UTF-8)':
    '这是 Excel 工作簿或 zip 压缩包，请把工作表另存为 CSV（UTF-8）',
  'this is an old Excel workbook; save the sheet as CSV (UTF-8)':
    '这是旧版 Excel 工作簿，请把工作表另存为 CSV（UTF-8）',
  'this is a Git LFS pointer, not the data; run `git lfs pull` or download the file itself':
    '这只是 Git LFS 指针，不是数据本身，请运行 `git lfs pull`，或下载文件本身',
  'this is a web page (HTML), not the data; download the file itself, not the page about it':
    '这是网页（HTML），不是数据，请下载文件本身，而不是介绍它的网页',
  'this is gzip-compressed; unpack it first': '这是 gzip 压缩文件，请先解压',
  'this is a Parquet file; give it a name that ends in .parquet':
    '这是 Parquet 文件，请把文件名改为以 .parquet 结尾',
  'this is a PDF document; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 PDF 文档，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'this is a PNG image; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 PNG 图片，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'this is a JPEG image; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 JPEG 图片，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'this is a GIF image; a table in CSV, TSV, JSON Lines or Parquet is needed':
    '这是 GIF 图片，需要 CSV、TSV、JSON Lines 或 Parquet 格式的表格',
  'the file is empty; choose a file with rows': '文件是空的，请换一个有内容的文件',
  'Read as UTF-16, by its byte-order mark.': '按字节顺序标记以 UTF-16 读取。',
  'a NUL byte stands here, so this is not text; choose a CSV, TSV, JSON Lines or Parquet file':
    '此处有 NUL 字节，说明这不是文本文件，请选择 CSV、TSV、JSON Lines 或 Parquet 文件',
  'a character here is not valid UTF-8 though the rest of the file is; correct or remove this line':
    '文件其余部分是 UTF-8，但此处有不合法的字符，请改正或删除这一行',
  'fill it in, or leave such rows out with {0} "drop"': '填写，或用 {0} "drop" 略去这样的行',
  'the text in column "{0}" is {1}, which stands for a missing one': '列“{0}”中的文本是 {1}，表示缺失',
  'the target in column "{0}" is {1}, which stands for a missing one': '列“{0}”中的目标文本是 {1}，表示缺失',
  'the label in column "{0}" is {1}, which stands for a missing one': '列“{0}”中的标签是 {1}，表示缺失',
  'the label {0} in column "{1}" stands for a missing one': '列“{1}”中的标签 {0} 表示缺失',
  'leave such rows out with {0} "drop", or keep it as a class with {1} []':
    '用 {0} "drop" 略去这样的行，或用 {1} [] 把它当作一个类别',
  'Read as UTF-16, by its line ends and separators.': '按换行和分隔符以 UTF-16 读取。',
  'Not UTF-8: read as {0}.': '不是 UTF-8，按 {0} 读取。',
  '"{0}" is no encoding that is read; name one such as utf-8 or shift_jis':
    '“{0}”不是可读取的编码，请写 utf-8、shift_jis 之类的名称',
  'it cannot be told in which encoding the text is: {0}; set {1} to the right one, or save the file as UTF-8':
    '看不出文本用的是哪种编码：{0}；请把 {1} 设为正确的编码，或把文件另存为 UTF-8',
  '{0} lines hold a replacement character (U+FFFD) where a letter was lost before this file was written; export it again as UTF-8':
    '有 {0} 行含有替换字符（U+FFFD），原来的字在写成此文件之前就已丢失，请重新以 UTF-8 导出',
  '{0} should be {1}: the text was read as {2} before this file was written; export it again as UTF-8, or set {3} to utf-8 to take it as it is':
    '{0} 应为 {1}：文本在写成此文件之前曾被当作 {2} 读取，请重新以 UTF-8 导出，或把 {3} 设为 utf-8 照原样使用',
  'bytes that are none of {0}; set {1} to the right encoding, or save the file as UTF-8':
    '这里的字节不属于 {0}，请把 {1} 设为正确的编码，或把文件另存为 UTF-8',
  'this is text in UTF-32; save it as UTF-8': '这是 UTF-32 文本，请另存为 UTF-8',
  '{0}, row {1}: {2}.': '{0} 第 {1} 行：{2}。',
  '{0}, line {1}: {2}.': '{0} 第 {1} 行：{2}。',
  '{0}, … ({1} columns)': '{0} 等 {1} 列',
  'neither its name nor its content tells the format (comma, semicolon, tab and pipe were tried as separators); name it .csv, .tsv or .jsonl by what it holds':
    '从文件名和内容都看不出格式（逗号、分号、制表符和竖线都试过了），请按内容把它命名为 .csv、.tsv 或 .jsonl',
  'nested more than {0} deep; keep the fields of text and label': '嵌套超过 {0} 层，请只保留文本和标签字段',
  '{0} where an object is needed; write {1}': '这里是 {0}，而需要一个对象，请写成 {1}',
  'the file has no rows; choose a file with rows': '文件里没有数据行，请换一个有数据的文件',
  'the objects have no fields; write {0}': '这些对象没有字段，请写成 {0}',
  'a JSON null': 'JSON 空值（null）',
  'a JSON array': 'JSON 数组',
  'a JSON string': 'JSON 字符串',
  'a JSON number': 'JSON 数字',
  'a JSON boolean': 'JSON 布尔值',
  'write an array of complete JSON objects': '写一个由完整 JSON 对象组成的数组',
  'neither an array nor an object begins here; {0}': '此处既不是数组也不是对象的开头，请{0}',
  'not valid JSON: a field is not written "name": value; {0}':
    '不是合法的 JSON：有字段没有写成 "name": value 的形式，请{0}',
  'the object holds no array of objects; write an array of objects, as pandas does with orient="records"':
    '这个对象里没有对象数组，请写成对象数组，例如 pandas 的 orient="records"',
  'the object holds several arrays of objects, {0}; write the one that is meant into a file of its own':
    '这个对象里有多个对象数组：{0}，请把要用的那一个单独写成一个文件',
  'something follows the array; {0}': '数组之后还有内容，请{0}',
  'the JSON is not closed or a comma is missing here; save the file whole, or {0}':
    'JSON 没有闭合，或此处少了逗号，请完整保存文件，或{0}',
  'write one complete JSON object a line': '每行写一个完整的 JSON 对象',
  '{0} is not JSON': '{0} 不属于 JSON',
  'not valid JSON, beginning {0}': '不是合法的 JSON（开头是 {0}）',
  '{0}; {1}': '{0}，请{1}',
  '{0} does not open with LABEL:fine and a space; put its label in front':
    '{0} 不是以 LABEL:fine 加空格开头，请把标签写在前面',
  '{0} columns, and at most {1} are read; keep the columns of text and label':
    '共有 {0} 列，最多读取 {1} 列，请只保留文本列和标签列',
  '{0} rows of {1} columns are more than {2} cells; keep the columns of text and label, or fewer rows':
    '{0} 行 {1} 列超过了 {2} 个单元格，请只保留文本列和标签列，或减少行数',
  'more than {0} rows, which is the most that is read from a file of this size; write fewer rows into a file':
    '超过 {0} 行，而这种大小的文件最多读取这么多行；请在文件中少写一些行',
  'Several columns are named {0}: they are told apart as {1}.': '有多列都叫 {0}：以 {1} 区分。',
  'no column holds texts or numbers; choose a file with texts':
    '没有哪一列是文本或数字，请换一个有文本的文件',
  'Columns of bytes that are no text are left out: {0}.': '不是文本的字节列已略去：{0}。',
  '{0}: the Parquet file cannot be read ({1}); write it again or convert it to CSV.':
    '{0}：无法读取这个 Parquet 文件（{1}），请重新生成，或转换为 CSV。',
  '{0}: the column {1} of the Parquet file cannot be read ({2}); write the file again or convert it to CSV.':
    '{0}：无法读取这个 Parquet 文件的列 {1}（{2}），请重新生成文件，或转换为 CSV。',
  'The first line was taken as data: the file has no header.': '第一行被当作数据：文件没有表头。',
  'The first line names the columns, and lines that say the same were left out: {0}, the first of them line {1}.':
    '第一行是列名，与它相同的行已略去：{0} 行，其中第一处是第 {1} 行。',
  'the label {0} in column "{1}" is none of the {2} classes that the file names, {3} first':
    '列“{1}”中的标签 {0} 不在文件所列的 {2} 个类别（第一个是 {3}）之中',
  'correct it': '改正它',
  'the label in column "{0}" is a list of several': '列“{0}”中的标签是多个标签的列表',
  'give every row one label, or train on one of them at a time, each in a column of its own':
    '每行只留一个标签，或把各个标签分到不同的列，每次训练其中一列',
  '{0} rows have a list of several labels in column "{1}", and a classifier takes one a row: give each row one label.':
    '有 {0} 行在列“{1}”中列出了多个标签，而分类器每行只取一个：请让每行只有一个标签。',
  'the file has a header but no rows; add at least one row below it': '文件只有表头没有数据，请至少添加一行',
  'it cannot be told whether {0} name the columns or are a row of data; set {1} to true or false':
    '看不出 {0} 是列名还是一行数据，请把 {1} 设为 true 或 false',
  '1 column where line {0} has {1}': '有 1 列，而第 {0} 行有 {1} 列',
  '{0} columns where line {1} has {2}': '有 {0} 列，而第 {1} 行有 {2} 列',
  'give every line the same number of columns': '让每一行的列数相同',
  '{0}: 1 row was left out; line {1}: {2}.': '{0}：略去了 1 行；第 {1} 行：{2}。',
  '{0}: {1} rows were left out; line {2}: {3}.': '{0}：略去了 {1} 行；第 {2} 行：{3}。',
  '{0} (and 1 more row cannot be used: line {1})': '{0}（另有 1 行无法使用：第 {1} 行）',
  '{0} (and {1} more rows cannot be used: lines {2})': '{0}（另有 {1} 行无法使用：第 {2} 行）',
  'comma, semicolon, tab and pipe were tried as separators': '逗号、分号、制表符和竖线都试过了',
  '{0} and the first line is one column with each; choose a table with a text and a label column, or name its separator in a first line such as sep=;':
    '{0}，第一行始终只有一列；请选择有文本列和标签列的表格，或在首行写明分隔符，例如 sep=;',
  '{0} and none gives a table: with the {1} the first line has {2} columns and {3}% of the rows have another number, such as {4}; put cells that hold the separator in quotes, or name another in a first line such as sep=;':
    '{0}，没有一种能得到表格：按{1}分隔时第一行有 {2} 列，而 {3}% 的行列数不同，例如 {4} 列；请给含有分隔符的单元格加上引号，或在首行写明别的分隔符，例如 sep=;',
  comma: '逗号',
  semicolon: '分号',
  tab: '制表符',
  pipe: '竖线',
  'character {0}': '字符 {0}',
  'it has {0}': '它的列有 {0}',
  'it has no header, and columns 0 to {0}': '它没有表头，列号为 0 到 {0}',
  'it has no column {0}, which {1} has, but {2}; name its columns as there':
    '没有 {1} 里的列 {0}，只有 {2}；请让两个文件的列名一致',
  'it has no columns {0}, which {1} has, but {2}; name its columns as there':
    '没有 {1} 里的这些列：{0}，只有 {2}；请让两个文件的列名一致',
  'there is no column "{0}"; {1}: name one of these': '没有名为“{0}”的列；{1}，请从中选择',
  'Cells of this TSV file are quoted as in CSV: their quotes were taken off, and doubled ones inside are one.':
    '这个 TSV 文件像 CSV 那样给单元格加了引号：外层引号已去掉，内部成对的引号合为一个。',
  'so few validation rows ({0}) choose the best step by chance; add rows to {1}, or hold out a larger share.':
    '验证数据太少（{0} 行），选出的最佳步只是碰巧；请给{1}增加行，或留出更大的比例。',
  'so few test rows ({0}) tell nothing: no difference of two methods can be shown with fewer than {1}; add rows to {2}, or hold out a larger share.':
    '测试数据太少（{0} 行），说明不了什么：少于 {1} 行时，显示不出两种方法的任何差别；请给{2}增加行，或留出更大的比例。',
  'so few validation rows ({0}) tell nothing: no difference of two methods can be shown with fewer than {1}; add rows to {2}, or hold out a larger share.':
    '验证数据太少（{0} 行），说明不了什么：少于 {1} 行时，显示不出两种方法的任何差别；请给{2}增加行，或留出更大的比例。',
  'only {0} test rows judge: two methods with one seed can be told apart only where they differ on {1} of them or more; add rows to {2}, or hold out a larger share.':
    '只有 {0} 行测试数据用来评判：只用一个种子时，两种方法至少要在其中 {1} 行上不同才分得出来；请给{2}增加行，或留出更大的比例。',
  'only {0} validation rows judge: two methods with one seed can be told apart only where they differ on {1} of them or more; add rows to {2}, or hold out a larger share.':
    '只有 {0} 行验证数据用来评判：只用一个种子时，两种方法至少要在其中 {1} 行上不同才分得出来；请给{2}增加行，或留出更大的比例。',
  'only {0} test rows judge: an accuracy of them is known to {1} points at best, and with one seed a difference of two methods below {2} points ({3} rows) cannot be told; add rows to {4}, or hold out a larger share.':
    '只有 {0} 行测试数据用来评判：由它们得出的准确率误差至少有 ±{1} 个百分点，只用一个种子时，两种方法相差不到 {2} 个百分点（{3} 行）就分不出来；请给{4}增加行，或留出更大的比例。',
  'only {0} validation rows judge: an accuracy of them is known to {1} points at best, and with one seed a difference of two methods below {2} points ({3} rows) cannot be told; add rows to {4}, or hold out a larger share.':
    '只有 {0} 行验证数据用来评判：由它们得出的准确率误差至少有 ±{1} 个百分点，只用一个种子时，两种方法相差不到 {2} 个百分点（{3} 行）就分不出来；请给{4}增加行，或留出更大的比例。',
} satisfies Table;
