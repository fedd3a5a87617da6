/** A Blob of one thread that another one reads by ranges. Node cannot send a Blob of a file to a thread. */

import type { RemoteBytes } from '../training/protocol.js';

interface Asked {
  number: number;
  start: number;
  end: number;
}

interface Answer {
  number: number;
  bytes?: ArrayBuffer;
  failure?: string;
}

/** Answers for the bytes of a Blob until `close` is called. */
export function shareBlob(blob: Blob): { remote: RemoteBytes; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = async ({ data: { number, start, end } }: MessageEvent<Asked>) => {
    try {
      const bytes = await blob.slice(start, end).arrayBuffer();
      port1.postMessage({ number, bytes } satisfies Answer, [bytes]);
    } catch (cause) {
      port1.postMessage({ number, failure: cause instanceof Error ? cause.message : String(cause) } satisfies Answer);
    }
  };
  return { remote: { size: blob.size, port: port2 }, close: () => port1.close() };
}

/** The Blob as the other thread has it. */
export class RemoteBlob extends Blob {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: (bytes: ArrayBuffer) => void; reject: (cause: Error) => void }>();
  readonly #size: number;
  #asked = 0;

  constructor({ size, port }: RemoteBytes) {
    super();
    this.#size = size;
    this.#port = port;
    port.onmessage = ({ data: { number, bytes, failure } }: MessageEvent<Answer>) => {
      const { resolve, reject } = this.#waiting.get(number)!;
      this.#waiting.delete(number);
      if (bytes) resolve(bytes);
      else reject(new Error(failure));
    };
  }

  override get size(): number {
    return this.#size;
  }

  override slice(start = 0, end = this.#size): Blob {
    const bytes = () => this.#ask(start, end);
    return Object.defineProperty(new Blob(), 'arrayBuffer', { value: bytes });
  }

  #ask(start: number, end: number): Promise<ArrayBuffer> {
    const number = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#port.postMessage({ number, start, end } satisfies Asked);
    });
  }
}
