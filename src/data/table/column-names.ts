/** What columns of texts, labels and targets are usually called, in English and in Chinese. */

export const LABEL_NAME =
  /^((gold[_ -]?)?(labels?|class|category|target|score|rating|sentiment|quality|intent|topic|y)|(情感|分类|类别)?标签|类别|分类|类型|情感( ?(倾向|极性|类别))?|极性|评价 ?结果|评分|得分|分数|打分|星级|意图|主题)$/i;
export const TEXT_NAME =
  /^(text|sentence|review|content|document|question|query|premise|title|comment|utterance|#?\d? ?string|(评论|评价|新闻|微博|留言|文本|反馈)? ?(内容|文本|正文)|句子|评论|留言|问题|题目|标题|描述)$/i;
/** Of these a title, which a longer text may stand beside. */
export const TITLE_NAME = /^(title|题目|标题)$/i;
/** Two texts: `sentence1` and `sentence2`, `#1 String` and `#2 String`, premise and hypothesis. */
export const PAIR_NAMES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(text|sentence|question)_?(1|a)$/i, /^(text|sentence|question)_?(2|b)$/i],
  [/^#1 string$/i, /^#2 string$/i],
  [/^premise$/i, /^hypothesis$/i],
  [/^question$/i, /^(sentence|passage|answer)$/i],
  [/^(句子|文本|问题) ?[1aA一甲]$/, /^(句子|文本|问题) ?[2bB二乙]$/],
  [/^前提$/, /^假设$/],
];
/** Texts to write, and what they are written from. */
export const TARGET_NAME =
  /^(targets?|summary|summaries|outputs?|answer|response|completion|translation|highlights|headline|reference|tldr|目标文本|摘要|总结|译文|翻译|答案|回答|回复|输出|参考(摘要|译文|答案))$/i;
export const SOURCE_NAME =
  /^(source|inputs?|article|abstract|passage|context|prompt|instruction|dialogue|src|原文|源文本|输入|文章|上下文|提示|指令|对话)$/i;

/** Names of columns beside those. */
const OTHER_NAME =
  /^(id|idx|index|no|nr|name|date|time|timestamp|user(name)?|author|lang(uage)?|source|url|split|v\d+|message|tweet|body|label[_ ]?(text|name|id)?|text[_ ]?label|unnamed: \d+|编号|序号|姓名|日期|时间|用户(名|ID)?|作者|语言|来源|网址|链接|备注|城市|地区)$/i;

const NAMES = [LABEL_NAME, TEXT_NAME, TARGET_NAME, SOURCE_NAME, OTHER_NAME, ...PAIR_NAMES.flat()];

/** Is this what a column is often called? */
export function isColumnName(cell: string): boolean {
  return NAMES.some((name) => name.test(cell.trim()));
}
