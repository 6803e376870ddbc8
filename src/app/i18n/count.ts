/** Counts inside sentences, as each language writes them. */
const english = new Intl.NumberFormat('en-US');
const chinese = new Intl.NumberFormat('zh-CN');

/** 1234 as `1,234` in an English sentence. */
export const inEnglish = (count: number): string => english.format(count);
/** The same in a Chinese one. */
export const inChinese = (count: number): string => chinese.format(count);
