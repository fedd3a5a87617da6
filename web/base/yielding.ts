/** A function to await inside a long loop: once `milliseconds` have passed, it lets the browser paint and handle input. */
export function yielding(milliseconds = 12): () => Promise<void> | undefined {
  let began = performance.now();
  const rest = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
  return () => (performance.now() - began < milliseconds ? undefined : rest());
}
