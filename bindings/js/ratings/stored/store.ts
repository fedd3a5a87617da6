import { MatfacError, outOfMemory } from '../../base/errors.js';

/** Bytes outside of memory; offsets are below 2⁵³. */
export interface Store {
  /** Fills `into`. @throws MatfacError when there are fewer bytes. */
  read(offset: number, into: Uint8Array): void;
  /** @throws MatfacError `out-of-memory` when the disk, or the browser's share of it, is full. */
  write(offset: number, from: Uint8Array): void;
}

/** A store that the current thread has opened. */
export interface OpenStore extends Store {
  close(): void;
}

/** An open file of Node. The system gives a descriptor to another file once it is closed, so that each has an id as well. */
export interface NodeFile {
  fd: number;
  id: string;
}

/** Where a store is: a name in the Origin Private File System, or an open file of Node. Any thread can open it. */
export type StoreFile = { opfs: string } | NodeFile;

/** A store and the duty to remove it. */
export interface KeptFile {
  readonly file: StoreFile;
  /** Removes the file, once nobody has it open; never rejects. */
  remove(): Promise<void>;
}

/** The error for a store that has no room left. */
export function fullStore(cause: unknown): MatfacError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return outOfMemory(
    `There is not enough storage for the ratings${reason}`,
    'free space on the disk, or use a file with fewer ratings',
    cause,
  );
}

/** The error for ratings whose store was removed by their own `dispose`. */
export function disposedStore(): MatfacError {
  return new MatfacError('disposed', 'These ratings were disposed and cannot be used any more');
}

/** The error for a store that is not there any more, or has lost bytes. */
export function lostStore(cause?: unknown): MatfacError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  const why = `The stored ratings are gone${reason}: something else has deleted or changed their file`;
  return new MatfacError('disposed', `${why}; read the ratings again`, { cause });
}

/** The bytes of numbers. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
