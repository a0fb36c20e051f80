// What people know of other toolbars and try here first, as far as it takes a browser.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, startBrowser, startDemo } from './support.mjs';

const PAGES = ['/', '/people', '/people/fathers', '/people/7', '/people/new', '/large', '/streamed', '/nowhere'];
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?: [a-zA-Z][\w:-]*(?:="[^"<>]*")?)*) ?(\/?)>/g;
const VOID = /^(br|col|hr|img|input|link|meta|wbr)$/;

let demo;
let browser;
let empty;

before(async () => {
  demo = await startDemo('--debug');
  browser = await startBrowser();
  empty = await newPage(browser.context);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// What the tokenizer of HTML would complain about: there is one way to write a tag, an attribute
// comes once, and a character reference is one of these or a number.
function checkMarkup(html) {
  const rest = html.replace(TAG, (tag, slash, name, attributes) => {
    const names = attributes.replace(/"[^"]*"/g, '').match(/ [\w:-]+/g) ?? [];
    assert.equal(new Set(names).size, names.length, tag);
    assert.ok(!slash || names.length === 0, tag);
    return '';
  });
  assert.ok(!/[<>]/.test(rest), rest.match(/.{0,40}[<>].{0,40}/)?.[0]);
  assert.deepEqual(html.match(/&(?!amp;|lt;|gt;|quot;|#\d+;)[^;]{0,10}/g), null);
}

// The elements as they were sent, each with its depth; tbody need not be written.
function sentElements(html) {
  const elements = [];
  let depth = 0;
  for (const [, end, name, , closed] of html.matchAll(TAG)) {
    if (name === 'tbody') continue;
    if (end) depth -= 1;
    else elements.push(`${depth} ${name}`);
    if (!end && !closed && !VOID.test(name)) depth += 1;
  }
  assert.equal(depth, 0);
  return elements;
}

// The same elements as the browser understands them, and what the standard does not allow.
function parsedElements(html) {
  const blocks = 'address,article,aside,blockquote,details,div,dl,fieldset,figure,footer,form,h1,h2,h3,h4,header,hr,main,'
    + 'nav,ol,p,pre,section,table,ul';
  const phrases = 'a,abbr,b,button,code,em,h1,h2,h3,h4,i,label,p,pre,small,span,strong,summary,time,var';
  const worked = 'a,button,details,input,label,select,textarea';
  const whole = html.startsWith('<!');
  const parsed = new DOMParser().parseFromString(
    whole ? html : `<!DOCTYPE html><title>x</title>${html}<p id=after>`, 'text/html');
  const elements = [];
  const wrong = whole || parsed.body.lastElementChild.id === 'after' ? [] : ['not closed'];
  const ids = [];
  const walk = (node, depth) => {
    for (const child of node.children) {
      if (child.id === 'after') continue;
      if (child.localName === 'tbody') {
        walk(child, depth);
        continue;
      }
      elements.push(`${depth} ${child.localName}`);
      if (child.id) ids.push(child.id);
      if (child.matches(blocks) && child.parentElement?.matches(phrases)) wrong.push(child.parentElement.outerHTML);
      if (child.matches(worked) && child.parentElement?.closest('a,button,summary')) wrong.push(child.outerHTML);
      walk(child.localName === 'template' ? child.content : child, depth + 1);
    }
  };
  walk(whole ? parsed : parsed.body, 0);
  if (new Set(ids).size !== ids.length) wrong.push(`ids: ${ids}`);
  return { elements, wrong };
}

// Nothing was moved, implied or closed early. An empty page parses it, which has no policy.
async function checkHtml(html, path) {
  checkMarkup(html.replace(/^<!DOCTYPE html>/i, ''));
  const { elements, wrong } = await empty.evaluate(parsedElements, html);
  assert.ok(elements.length > 20, path);
  assert.deepEqual(elements, sentElements(html), path);
  assert.deepEqual(wrong, [], path);
}

describe('a page with the toolbar', () => {
  it('is valid HTML, on every page of the demo', async () => {
    const page = await newPage(browser.context);
    for (const path of PAGES) {
      const sent = await (await page.goto(demo.https + path)).text();
      const element = sent.slice(sent.indexOf('<debug-toolbar '), sent.indexOf('</debug-toolbar>') + 16);
      await checkHtml(element, path);
    }
    await page.close();
  });

  it('links to pages of the toolbar\'s own, which are valid HTML too', async () => {
    const page = await newPage(browser.context);
    const visit = async (path) => (await (await page.goto(demo.https + path)).allHeaders())['debug-toolbar-id'];
    const [one, two] = [await visit('/people/fathers'), await visit('/people/fathers')];
    for (const path of ['', `requests/${one}`, `compare/${one}/${two}`]) {
      const response = await page.goto(`${demo.https}/__debug__/${path}`);
      assert.equal(response.status(), 200);
      await checkHtml(await response.text(), path);
    }
    await page.close();
  });

  it('shows only those of the browser\'s times that make sense', async () => {
    const odd = {
      domainLookupStart: 0, domainLookupEnd: 0, connectStart: 10, connectEnd: 5, secureConnectionStart: 0,
      responseStart: 20, responseEnd: 0, domInteractive: 30, domContentLoadedEventEnd: 42, loadEventEnd: 0,
    };
    for (const [entries, rows] of [[[odd], 1], [[], 0]]) {
      const page = await newPage(browser.context);
      await page.addInitScript((list) => {
        performance.getEntriesByType = (type) => (type === 'navigation' ? list : []);
      }, entries);
      await page.goto(`${demo.https}/people`);
      await page.waitForFunction(() => document.readyState === 'complete');
      const toolbar = page.locator('debug-toolbar');
      if (!(await toolbar.locator('.window').isVisible())) await toolbar.locator('.bar').click();
      await toolbar.getByRole('tab', { name: /Time/ }).click();
      const panel = toolbar.getByRole('tabpanel', { name: /Time/ });
      const times = panel.locator('.browser-timing tr');
      if (rows) await times.first().waitFor();
      assert.equal(await times.count(), rows);
      if (rows) assert.match(await times.first().innerText(), /DOMContentLoaded\s+12(\.0)? ms/);
      assert.doesNotMatch(await panel.innerText(), /NaN|undefined|-\d/);
      assert.deepEqual(page.complaints, []);
      await page.close();
    }
  });
});
