// What people know of other toolbars and try here first, as far as it takes a browser.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, startBrowser, startDemo } from './support.mjs';

const PAGES = ['/', '/people', '/people/fathers', '/people/7', '/people/new', '/large', '/streamed', '/nowhere'];
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?: [a-zA-Z][\w:-]*(?:="[^"<>]*")?)*) ?(\/?)>/g;
const VOID = /^(br|col|hr|img|input|link|meta|wbr)$/;

let demo;
let browser;

before(async () => {
  demo = await startDemo('--debug');
  browser = await startBrowser();
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
  const body = new DOMParser().parseFromString(`<!DOCTYPE html><title>x</title>${html}<p id=after>`, 'text/html').body;
  const elements = [];
  const wrong = body.lastElementChild.id === 'after' ? [] : ['not closed'];
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
  walk(body, 0);
  if (new Set(ids).size !== ids.length) wrong.push(`ids: ${ids}`);
  return { elements, wrong };
}

describe('a page with the toolbar', () => {
  it('is valid HTML, on every page of the demo', async () => {
    const page = await newPage(browser.context);
    for (const path of PAGES) {
      const sent = await (await page.goto(demo.https + path)).text();
      const element = sent.slice(sent.indexOf('<debug-toolbar '), sent.indexOf('</debug-toolbar>') + 16);
      checkMarkup(element);
      const { elements, wrong } = await page.evaluate(parsedElements, element);
      assert.ok(elements.length > 20, path);
      // Nothing was moved, implied or closed early.
      assert.deepEqual(elements, sentElements(element), path);
      assert.deepEqual(wrong, [], path);
    }
    await page.close();
  });
});
