import { cssString, html } from './html.js';

describe('html``', () => {
  it('shows data as the letters it is', () => {
    expect(html`<p title="${`"'`}">${'<img src=x onerror=alert(1)> & co'}</p>`.source).toBe(
      '<p title="&quot;&#39;">&lt;img src=x onerror=alert(1)&gt; &amp; co</p>',
    );
  });

  it('takes markup, lists and numbers, and leaves out what is absent', () => {
    const items = ['a<', 'b'].map((text) => html`<i>${text}</i>`);
    expect(html`<b>${items}${undefined}${null}${false}${0}</b>`.source).toBe('<b><i>a&lt;</i><i>b</i>0</b>');
  });
});

describe('cssString', () => {
  it('cannot be left by a quote, a backslash, a line end or a closing tag', () => {
    expect(cssString('编号"}\\\n</style>').source).toBe('"编号\\22 \\7d \\5c \\a \\3c \\2f style\\3e "');
  });
});
