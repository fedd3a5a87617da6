/** A function to await inside a long loop: once `milliseconds` have passed, it lets the browser paint and handle input. */
export function yielding(milliseconds = 12): () => Promise<void> | undefined {
  let began = performance.now();
  const rest = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
  return () => (performance.now() - began < milliseconds ? undefined : rest());
}

/** Resolves in a task of its own, after which the browser can paint and handle input. */
export const nextTask = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Calls `draw` in a task of its own, once for all calls until then. */
export function inOwnTask(draw: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      draw();
    });
  };
}
