/** Strings, words, brackets and all else; a quote that nothing closes takes the rest, so that no text is scanned twice. */
const TOKENS =
  /[bru]?'((?:[^'\\]|\\[\s\S])*)'|[bru]?"((?:[^"\\]|\\[\s\S])*)"|['"][\s\S]*|\b(True|False|None)\b|[()]|[^'"()TFNbru]+|[TFNbru]/g;
const WORDS: { [word: string]: string } = { True: 'true', False: 'false', None: 'null' };
const ESCAPES: { [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  a: '\x07',
  v: '\v',
  '0': '\0',
};

/** Whether a text is a dictionary as Python prints it, with single quotes. */
export function beginsAsPython(text: string): boolean {
  return /^\s*\[?\s*\{\s*(u?'|u")/.test(text);
}

/** A value as Python prints it (`{'user': u'ann', 'liked': True}`) as JSON. The result may be no JSON, as the text may be none. */
export function jsonOfPython(text: string): string {
  return text.replace(TOKENS, (token, single?: string, double?: string, word?: string) => {
    const content = single ?? double;
    if (content !== undefined)
      return JSON.stringify(content.replace(/\\(u[0-9a-f]{4}|x[0-9a-f]{2}|[\s\S])/gi, unescaped));
    if (word !== undefined) return WORDS[word]!;
    return token === '(' ? '[' : token === ')' ? ']' : token;
  });
}

function unescaped(_: string, code: string): string {
  if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return ESCAPES[code] ?? code;
}
