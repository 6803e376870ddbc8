/** Walks over JSON text a value at a time without making anything of it. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

export class JsonScanner {
  private readonly text: string;
  private at = 0;
  private line = 1;

  constructor(text: string) {
    this.text = text;
  }

  /** The next sign that is no blank, '' at the end; blanks before it are passed. */
  peek(): string {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === NEWLINE) this.line++;
      else if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0xfeff) return this.text[this.at];
    }
    return '';
  }

  /** The next sign after the one that `peek` gives. */
  peekAfter(): string {
    const { at, line } = this.mark();
    this.at++;
    const sign = this.peek();
    this.reset({ at, line });
    return sign;
  }

  /** Passes a sign if it is the next. */
  take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at++;
    return true;
  }

  /** Where the next value begins, its line from 1. */
  mark(): { at: number; line: number } {
    this.peek();
    return { at: this.at, line: this.line };
  }

  reset({ at, line }: { at: number; line: number }): void {
    this.at = at;
    this.line = line;
  }

  /** Passes the next value and gives its text; null where it does not end. */
  value(): string | null {
    const { at: from } = this.mark();
    let depth = 0;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) {
        if (!this.passString()) return null;
      } else if (code === 0x7b || code === 0x5b) {
        depth++;
        this.at++;
      } else if (code === 0x7d || code === 0x5d) {
        // Of a number or word, the end of what it stands in.
        if (depth === 0) break;
        depth--;
        this.at++;
      } else if (depth === 0) {
        const end = this.endOfWord();
        if (end === this.at) return null;
        this.at = end;
      } else {
        if (code === NEWLINE) this.line++;
        this.at++;
        continue;
      }
      if (depth === 0) return this.text.slice(from, this.at);
    }
    return null;
  }

  /** Number, true, false, null, or what is none of them. */
  private endOfWord(): number {
    let end = this.at;
    while (end < this.text.length && !',]}:{["\n\r\t '.includes(this.text[end])) end++;
    return end;
  }

  /** A string has no line end in it. */
  private passString(): boolean {
    for (let end = this.text.indexOf('"', this.at + 1); end >= 0; end = this.text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 1) continue;
      const newline = this.text.slice(this.at, end).includes('\n');
      this.at = end + 1;
      return !newline;
    }
    return false;
  }
}
