// Production, on demand: only a browser whose extension sends the key sees the toolbar.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { KEY, extensionOrigin, newPage, startBrowser, startDemo } from './support.mjs';

let demo;
let debugDemo;
let browser;
let origin;

before(async () => {
  demo = await startDemo();
  debugDemo = await startDemo('--debug');
  browser = await startBrowser({ extension: true });
  origin = await extensionOrigin(browser.context);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await debugDemo?.stop();
});

async function configure({ key = KEY, origins = [demo.https, debugDemo.https], on = true } = {}) {
  const page = await newPage(browser.context);
  await page.goto(`${origin}/options.html`);
  await page.getByLabel('Origins').fill(origins.join('\n'));
  await page.locator('#key').fill(key);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await page.getByRole('switch').setChecked(on);
  await page.locator('#state').getByText(on ? /^Sending MYAPPKEY/ : /^Sending nothing/).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.close();
}

async function toolbars(url) {
  const page = await newPage(browser.context);
  const response = await page.goto(url);
  const count = await page.locator('debug-toolbar').count();
  const id = (await response.allHeaders())['debug-toolbar-id'];
  assert.equal(count, id ? 1 : 0);
  assert.ok(!(await page.content()).includes(KEY));
  await page.close();
  return count;
}

describe('production', () => {
  it('shows nothing while the extension is off, as it is at first', async () => {
    assert.equal(await toolbars(`${demo.https}/people`), 0);
    await configure({ on: false });
    assert.equal(await toolbars(`${demo.https}/people`), 0);
  });

  it('shows the toolbar to the extension with the key', async () => {
    await configure();
    assert.equal(await toolbars(`${demo.https}/people`), 1);
    assert.equal(await toolbars(`${demo.https}/people/fathers`), 1);
    assert.equal(await toolbars(`${debugDemo.https}/people`), 1);
  });

  it('looks and works as in debug mode, assets included', async () => {
    await configure();
    const page = await newPage(browser.context);
    const loaded = [];
    page.on('response', (response) => loaded.push([new URL(response.url()).pathname, response.status()]));
    await page.goto(`${demo.https}/people/fathers`);
    const bar = await page.locator('debug-toolbar .bar').innerText();
    await page.locator('debug-toolbar .bar').click();
    const height = await page.locator('debug-toolbar .window').evaluate((node) => node.offsetHeight);
    assert.match(bar, /51 queries, [\d.]+ ms/);
    assert.ok(height > 200);
    for (const [path, status] of loaded) {
      assert.ok(status < 400, `${path} answered ${status}`);
    }
    const assets = loaded.filter(([path]) => path.startsWith('/__debug__/static/'));
    assert.equal(assets.length, 2);
    await page.close();
  });

  it('shows nothing for a wrong key, debug mode or not', async () => {
    await configure({ key: 'ffffffffffffffff0123456789abcde' });
    assert.equal(await toolbars(`${demo.https}/people`), 0);
    assert.equal(await toolbars(`${debugDemo.https}/people`), 0);
  });

  it('shows nothing on the plain port, and nothing to an origin that was not named', async () => {
    await configure({ origins: [debugDemo.https] });
    assert.equal(await toolbars(`${demo.http}/people`), 0);
    assert.equal(await toolbars(`${demo.https}/people`), 0);
    assert.equal(await toolbars(`${debugDemo.https}/people`), 1);
  });

  it('stops at once when it is switched off', async () => {
    await configure();
    assert.equal(await toolbars(`${demo.https}/people`), 1);
    await configure({ on: false });
    assert.equal(await toolbars(`${demo.https}/people`), 0);
  });

  it('answers others with the application\'s own 404 under its prefix', async () => {
    await configure({ on: false });
    const page = await newPage(browser.context);
    const response = await page.goto(`${demo.https}/__debug__/requests.json`);
    assert.equal(response.status(), 404);
    assert.match(response.headers()['content-type'], /text\/html/);
    await page.close();
  });
});
