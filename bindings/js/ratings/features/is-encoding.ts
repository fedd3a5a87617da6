import type { FeatureEncoding } from './encoding.js';

/** Whether a value from outside is an encoding. */
export function isEncoding(value: unknown): value is FeatureEncoding {
  const fields: unknown = isObject(value) ? value.fields : undefined;
  return Array.isArray(fields) && fields.every(isField);
}

function isField(value: unknown): boolean {
  if (!isObject(value) || typeof value.field !== 'string' || typeof value.name !== 'string') return false;
  if (value.isYear !== undefined && typeof value.isYear !== 'boolean') return false;
  const { kind, mean, deviation, edges, words, other } = value;
  switch (kind) {
    case 'flag':
      return areAbsent(edges, words);
    case 'number':
      return (
        areAbsent(edges, words) && Number.isFinite(mean) && Number.isFinite(deviation) && (deviation as number) > 0
      );
    case 'ranges':
      return areAbsent(words) && isRising(edges);
    case 'category':
    case 'list':
      return areAbsent(edges) && areWords(words) && (other === undefined || typeof other === 'boolean');
  }
  return false;
}

function areAbsent(...values: unknown[]): boolean {
  return values.every((value) => value === undefined);
}

function isRising(edges: unknown): boolean {
  if (!Array.isArray(edges) || edges.length === 0) return false;
  return edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > edges[index - 1]));
}

function areWords(words: unknown): boolean {
  return (
    Array.isArray(words) && words.every((word) => typeof word === 'string') && new Set(words).size === words.length
  );
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
