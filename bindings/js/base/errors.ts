import { cut } from './show.js';

/** What went wrong, for programs; the message explains it to people. */
export type MatfacErrorCode =
  | 'invalid-argument'
  | 'unknown-id'
  | 'disposed'
  | 'out-of-memory'
  | 'aborted'
  | 'corrupt-model'
  | 'parse-error'
  | 'unsupported';

const codes: ReadonlySet<string> = new Set<MatfacErrorCode>([
  'invalid-argument',
  'unknown-id',
  'disposed',
  'out-of-memory',
  'aborted',
  'corrupt-model',
  'parse-error',
  'unsupported',
]);

/** Longer messages are cut, whatever they show of a file, of an engine or of the caller. */
const LONGEST_MESSAGE = 2000;

/**
 * Every error that the library throws, its subclasses included: `code` says what went wrong. `name` is 'MatfacError' in
 * the subclasses too, so that a program can recognize errors of another copy of the library.
 */
export class MatfacError extends Error {
  readonly code: MatfacErrorCode;
  /** Of a parse error: the line of the text, 1 for the first. */
  readonly line?: number;
  /** Of a parse error: the column (field) of the line, 1 for the first. */
  readonly column?: number;

  constructor(
    code: MatfacErrorCode,
    message: string,
    details: { line?: number; column?: number; cause?: unknown } = {},
  ) {
    super(cut(message, LONGEST_MESSAGE), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MatfacError';
    this.code = code;
    if (details.line !== undefined) this.line = details.line;
    if (details.column !== undefined) this.column = details.column;
  }
}

/** A MatfacError as it crosses from one thread to another. */
export interface Failure {
  code: MatfacErrorCode;
  message: string;
  line?: number;
  column?: number;
}

/** Short for the most frequent error. */
export function invalid(message: string): MatfacError {
  return new MatfacError('invalid-argument', message);
}

/** What the core says when an allocation fails, as in bindings/shared/memory_texts.h. */
export const NOT_ENOUGH_MEMORY = 'There is not enough memory in WebAssembly for this';

/** The advice when a training or a model needs too much memory. */
export const FEWER_FACTORS = 'use fewer factors or fewer ratings';

export function outOfMemory(what: string, advice: string, cause?: unknown): MatfacError {
  return new MatfacError('out-of-memory', `${what}; ${advice}`, { cause });
}

/** Converts an error of the core, the engine or a worker to a MatfacError; returns any other error unchanged. */
export function translate(failure: unknown): unknown {
  if (failure instanceof MatfacError) return failure;
  if (isFailure(failure)) return new MatfacError(failure.code, failure.message, failure);
  if (isOutOfMemory(failure)) {
    return outOfMemory(`There is not enough memory for this (${failure.message})`, FEWER_FACTORS, failure);
  }
  return failure;
}

/** Calls into the core and converts its errors to MatfacErrors. */
export function guard<T>(call: () => T): T {
  try {
    return call();
  } catch (failure) {
    throw translate(failure);
  }
}

function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof code === 'string' && codes.has(code) && typeof message === 'string';
}

function isOutOfMemory(value: unknown): value is Error {
  return (value instanceof RangeError || value instanceof WebAssembly.RuntimeError) && speaksOfMemory(value.message);
}

/** Whether an engine's message says that memory ran out. */
export function speaksOfMemory(message: string): boolean {
  return /out of memory|\bOOM\b|enlarge|\bgrow|alloc|maximum size exceeded|invalid (typed )?array (buffer )?length/i.test(
    message,
  );
}
