import type { MarkdownRenderer } from 'vitepress';

/** Blocks that run in a page as they are: they use the package, and neither Node nor a file. */
function runsInPage(info: string, code: string): boolean {
  return info.trim() === 'js' && code.includes("from 'matfac'") && !/node:|fetch\(/.test(code);
}

/** Puts each block that runs in a page into a LiveCode component. */
export function liveCode(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  if (!fence) return;
  markdown.renderer.rules.fence = (tokens, index, options, env, renderer) => {
    const html = fence(tokens, index, options, env, renderer);
    const { info, content } = tokens[index]!;
    if (!runsInPage(info, content)) return html;
    return `<LiveCode code="${encodeURIComponent(content)}">${html}</LiveCode>`;
  };
}
