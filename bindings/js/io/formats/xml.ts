import { MatfacError } from '../../base/errors.js';

/** A longer element is taken for one that is never closed. */
const LONGEST_ELEMENT = 1 << 23;

export interface Element {
  attributes: string;
  inner: string;
}

/** The elements of a name that do not contain each other, from XML that comes in pieces. Prefixes of names are ignored. */
export async function* elementsIn(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Element> {
  const open = new RegExp(String.raw`<(?:\w+:)?${name}((?:\s[^<>]*)?)>`, 'g');
  const close = new RegExp(String.raw`</(?:\w+:)?${name}\s*>`, 'g');
  const decoder = new TextDecoder();
  let [text, scanned] = ['', 0];
  for await (const piece of pieces) {
    text += decoder.decode(piece, { stream: true });
    let at = 0;
    for (;;) {
      open.lastIndex = at;
      const tag = open.exec(text);
      if (!tag) {
        at = Math.max(at, text.lastIndexOf('<'));
        break;
      }
      if (tag[1]!.endsWith('/')) {
        yield { attributes: tag[1]!, inner: '' };
        at = open.lastIndex;
        continue;
      }
      close.lastIndex = Math.max(open.lastIndex, scanned);
      const end = close.exec(text);
      if (!end) {
        at = tag.index;
        // The closing tag itself may be cut.
        scanned = Math.max(at, text.lastIndexOf('<'));
        break;
      }
      yield { attributes: tag[1]!, inner: text.slice(open.lastIndex, end.index) };
      at = close.lastIndex;
    }
    text = text.slice(at);
    scanned = Math.max(0, scanned - at);
    if (text.length > LONGEST_ELEMENT) {
      throw new MatfacError('parse-error', `The workbook is damaged: an element '${name}' must end within 8 MB`);
    }
  }
}

export function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(String.raw`(?:^|\s)(?:\w+:)?${name}\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`).exec(attributes);
  return value ? unescaped(value[1] ?? value[2] ?? '') : undefined;
}

/** The text of the `t` elements in rich text, without phonetic guides. */
export function textIn(inner: string): string {
  const parts = inner.split(/<(?:\w+:)?rPh[\s>]/).map((part, index) => {
    if (index === 0) return part;
    const end = /<\/(?:\w+:)?rPh>/.exec(part);
    return end ? part.slice(end.index) : '';
  });
  const texts = parts.join('').matchAll(/<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)</g);
  return Array.from(texts, ([, text = '']) => unescaped(text)).join('');
}

const NAMED: { [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
