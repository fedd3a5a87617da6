import type { FeatureEncoding, FieldEncoding } from './encoding.js';

const KINDS: { [kind in FieldEncoding['kind']]: 'number' | 'flag' | 'words' } = {
  number: 'number',
  year: 'number',
  flag: 'flag',
  category: 'words',
  decade: 'words',
  list: 'words',
};

/** Whether a value from outside is an encoding. */
export function isEncoding(value: unknown): value is FeatureEncoding {
  const fields: unknown = isObject(value) ? value.fields : undefined;
  return Array.isArray(fields) && fields.every(isField);
}

function isField(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { field, name, kind, mean, deviation, words, other } = value;
  if (typeof field !== 'string' || typeof name !== 'string') return false;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return false;
  const form = KINDS[kind as FieldEncoding['kind']];
  const areNumbers = Number.isFinite(mean) && Number.isFinite(deviation) && (deviation as number) > 0;
  if (areNumbers !== (form === 'number')) return false;
  if (form !== 'words') return words === undefined;
  const areWords = Array.isArray(words) && words.every((word) => typeof word === 'string');
  return areWords && new Set(words).size === words.length && (other === undefined || typeof other === 'boolean');
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
