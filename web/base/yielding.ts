/** What to await within a long loop: painting and input have their turn whenever some milliseconds are over. */
export function yielding(milliseconds = 12): () => Promise<void> | undefined {
  let began = performance.now();
  const rest = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
  return () => (performance.now() - began < milliseconds ? undefined : rest());
}
