/**
 * What runs inside the page, sent there as source: nothing here may refer to anything outside its own function. The page's own scripts
 * are switched off; only these calls run.
 */

/** The little of the DOM that is used; the compiler's DOM library would leak browser globals into the whole server. */
interface PageNode {
  textContent: string | null;
  remove(): void;
}
interface PageElement extends PageNode {
  innerHTML: string;
  hidden: boolean;
  readonly offsetHeight: number;
  readonly content: { querySelectorAll(selector: string): Iterable<PageNode> };
  replaceChildren(...nodes: unknown[]): void;
}
interface PageDocument {
  title: string;
  readonly body: PageElement;
  readonly fonts: Iterable<{ readonly status: string }> & { readonly ready: Promise<unknown>; readonly status: string };
  createElement(name: string): PageElement;
  querySelectorAll(selector: string): Iterable<PageElement>;
  createTreeWalker(root: PageElement, what: number): { nextNode(): PageNode | null };
}

/** Replaces the body, waits for the fonts it needs, and tells its whole text. */
export async function setBody(input: { title: string; html: string }): Promise<string> {
  const page = (globalThis as unknown as { document: PageDocument }).document;
  const template = page.createElement('template');
  template.innerHTML = input.html;
  // None of these could act (scripts off, content policy, every request refused), except a meta refresh that leaves the page.
  for (const node of template.content.querySelectorAll('script,meta,base,link,iframe,frame,object,embed,portal')) node.remove();
  page.title = input.title;
  page.body.replaceChildren(template.content);
  // A font that arrives may move text and call for another slice: settled when a layout asks for nothing more.
  for (let round = 0; round < 5; round += 1) {
    void page.body.offsetHeight;
    if (round > 0 && page.fonts.status === 'loaded') break;
    await page.fonts.ready;
  }
  if ([...page.fonts].some((font) => font.status === 'error')) throw new Error('a font did not load');
  return page.body.textContent ?? '';
}

/**
 * Puts the printers' mark for missing type (〓) and the code point in place of each character that no font can draw, and shows the
 * document's note about it where it has one.
 */
export async function markAbsent(absent: readonly string[]): Promise<void> {
  const page = (globalThis as unknown as { document: PageDocument }).document;
  const texts = page.createTreeWalker(page.body, 4 /* NodeFilter.SHOW_TEXT */);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    let content = text.textContent ?? '';
    for (const character of absent) {
      if (content.includes(character))
        content = content.split(character).join(`〓(U+${character.codePointAt(0)?.toString(16).toUpperCase()})`);
    }
    if (content !== text.textContent) text.textContent = content;
  }
  for (const note of page.querySelectorAll('[data-absent-note]')) note.hidden = false;
  void page.body.offsetHeight;
  await page.fonts.ready;
}
