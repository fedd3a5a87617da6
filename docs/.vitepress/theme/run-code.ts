/** Where the code of a block finds its console: a module has no other way to get a value of the page. */
interface Page {
  matfacConsoles?: Map<number, object>;
}

let runs = 0;

/** Runs a module that imports 'matfac' from `library`, and gives each line that it prints. */
export async function runCode(code: string, library: string, print: (line: string) => void): Promise<void> {
  const page = globalThis as Page;
  page.matfacConsoles ??= new Map();
  const run = runs++;
  const show = (...values: unknown[]) => print(values.map(textOf).join(' '));
  page.matfacConsoles.set(run, { log: show, info: show, warn: show, error: show, table: show });
  const imports = code.replaceAll("from 'matfac'", `from '${library}'`);
  const source = `${imports}\n`.replace(/^(?!import )/m, `const console = globalThis.matfacConsoles.get(${run});\n`);
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    await import(/* @vite-ignore */ address);
  } catch (failure) {
    print(failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure));
  } finally {
    page.matfacConsoles.delete(run);
    URL.revokeObjectURL(address);
  }
}

const SHOWN = 20;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inner(value, 0);
}

/** About as a browser's console shows a value. */
function inner(value: unknown, depth: number): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth > 3) return '…';
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const entries = isList ? [...(value as unknown as Iterable<unknown>)] : Object.entries(value);
  const parts = entries
    .slice(0, SHOWN)
    .map((entry) =>
      isList ? inner(entry, depth + 1) : `${(entry as [string])[0]}: ${inner((entry as unknown[])[1], depth + 1)}`,
    );
  if (entries.length > SHOWN) parts.push(`… ${entries.length - SHOWN} more`);
  return isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
}
