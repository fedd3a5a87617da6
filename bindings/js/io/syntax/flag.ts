const YES = new Set('true t yes y 1 1.0 like liked ja oui si sí sim tak да 是 はい 예'.split(' '));
const NO = new Set('false f no n 0 0.0 dislike disliked nein non não nao nie нет 否 いいえ 아니요'.split(' '));

/** 1 for true, yes and 1; 0 for false, no and 0; else NaN. */
export function parseFlag(text: string): number {
  const word = text.toLowerCase();
  if (YES.has(word)) return 1;
  return NO.has(word) ? 0 : Number.NaN;
}
