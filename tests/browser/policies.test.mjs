// Content-Security-Policies: none is broken by the toolbar, and it can be used under each.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, startBrowser, startPages } from './support.mjs';

let server;
let browser;

before(async () => {
  server = await startPages();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const NONCE = 'cGFnZXMtb3du';
const OTHER = 'c3R5bGVzLW93bg==';

// [what it allows, the policy, one that only reports]
const POLICIES = [
  ['no policy', ''],
  ['its own origin', "default-src 'self'"],
  ['scripts and styles of its own', "default-src 'none'; script-src 'self'; style-src 'self'"],
  ['the same, and what the script asks for', "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"],
  ['a nonce for everything', `default-src 'nonce-${NONCE}'`],
  ['a nonce for scripts, one for styles', `script-src 'nonce-${NONCE}'; style-src 'nonce-${NONCE}'; object-src 'none'; base-uri 'none'`],
  ['a nonce, strict-dynamic', `script-src 'nonce-${NONCE}' 'strict-dynamic'; object-src 'none'; base-uri 'none'`],
  ['a nonce, strict-dynamic and what old browsers need', `script-src 'nonce-${NONCE}' 'strict-dynamic' 'unsafe-inline' https:; object-src 'none'; base-uri 'none'`],
  ['nonces of elements', `script-src 'none'; script-src-elem 'nonce-${NONCE}'; style-src 'self'`],
  ['Trusted Types', "require-trusted-types-for 'script'"],
  ['Trusted Types and no policies of them', "require-trusted-types-for 'script'; trusted-types 'none'"],
  ['Trusted Types, a nonce, strict-dynamic', `script-src 'nonce-${NONCE}' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types`],
  ['no style attributes', "style-src 'self'; style-src-attr 'none'; script-src 'self'; script-src-attr 'none'"],
  ['no connections', "default-src 'self'; connect-src 'none'"],
  ['no connections but elsewhere', "default-src 'self'; connect-src https://example.org"],
  ['no frames, forms, images or fonts', "default-src 'self'; img-src 'none'; font-src 'none'; frame-src 'none'; form-action 'none'; frame-ancestors 'none'"],
  ['a sandbox with scripts', 'sandbox allow-scripts allow-same-origin allow-popups'],
  ['two policies, of which each has to hold', `default-src 'self', script-src 'self' 'nonce-${NONCE}'; style-src 'self'`],
  ['https', 'default-src https:'],
  ['upgrades', 'upgrade-insecure-requests; block-all-mixed-content'],
  ['eval and inline as well', "default-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'"],
  ['the nonce of styles is another', `script-src 'nonce-${NONCE}'; style-src 'self' 'nonce-${OTHER}'`],
  ['a report-only policy beside it', '', `script-src 'nonce-${NONCE}'; style-src 'nonce-${NONCE}'; require-trusted-types-for 'script'`],
];

// Everything a browser says when a policy is broken, for pages whose policies are only reported too.
async function watch(page) {
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
}

async function use(page, toolbar) {
  await toolbar.locator('.toolbar.tabbed').waitFor({ state: 'attached' });
  await toolbar.locator('.bar').click();
  await toolbar.getByRole('tab', { name: 'Time' }).click();
  assert.ok(await toolbar.getByRole('tabpanel', { name: 'Time' }).isVisible());
  await toolbar.getByRole('tab', { name: /^SQL/ }).click();
  await toolbar.getByRole('button', { name: /Theme/ }).click();
  await page.keyboard.press('Escape');
  const { x, y, width } = await toolbar.locator('.bar').boundingBox();
  await page.mouse.move(x + width / 2, y + 10);
  await page.mouse.down();
  await page.mouse.move(300, 10, { steps: 4 });
  await page.mouse.up();
  await toolbar.locator('section[data-edge=top]').waitFor({ state: 'attached' });
  assert.ok((await toolbar.locator('.bar').boundingBox()).y < 20);
}

describe('content security policies', () => {
  for (const [name, csp, reported = ''] of POLICIES) {
    it(`are kept, and all works: ${name}`, async () => {
      const page = await newPage(browser.context);
      await watch(page);
      await page.goto(server.page({ csp, csp_report_only: reported, queries: 3 }));
      const toolbar = page.locator('debug-toolbar');
      await use(page, toolbar);
      assert.equal(await toolbar.locator('.bar').evaluate((bar) => getComputedStyle(bar).display), 'flex');
      assert.deepEqual(await page.evaluate(() => window.violations), []);
      assert.deepEqual(page.complaints, []);
      await page.close();
    });
  }

  it('that forbid connections cost a link instead of the panels, and nothing before', async () => {
    const page = await newPage(browser.context);
    await watch(page);
    await page.goto(server.page({ csp: "default-src 'self'; connect-src 'none'" }));
    const toolbar = page.locator('debug-toolbar');
    await toolbar.locator('.toolbar.tabbed').waitFor({ state: 'attached' });
    await page.evaluate((id) => document.dispatchEvent(new CustomEvent('turbo:before-fetch-response', {
      detail: { fetchResponse: { response: { status: 200, url: '/x', headers: new Headers({ 'Debug-Toolbar-Id': id }) } } },
    })), 'a'.repeat(32));
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    await toolbar.locator('.bar').click();
    await toolbar.getByRole('tab', { name: /Fetches/ }).click();
    await toolbar.getByRole('tabpanel').getByRole('link').click();
    await toolbar.getByRole('status').getByText(/Content-Security-Policy may forbid it/).waitFor();
    const [tab] = await Promise.all([
      browser.context.waitForEvent('page'),
      toolbar.getByRole('link', { name: 'Open it in a new tab' }).click(),
    ]);
    await tab.waitForURL(/\/requests\/a{32}$/);
    await tab.close();
    await page.close();
  });

  it('that forbid the script leave what works without it', async () => {
    for (const csp of ["script-src 'none'; style-src 'self'", 'sandbox', "default-src 'none'",
      "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"]) {
      const page = await newPage(browser.context);
      await page.goto(server.page({ csp, queries: 3 }));
      const toolbar = page.locator('debug-toolbar');
      await toolbar.locator('.bar').click();
      assert.ok(await toolbar.locator('.panels').getByText('SELECT').first().isVisible(), csp);
      await toolbar.locator('summary', { hasText: 'Time' }).last().click();
      assert.ok(await toolbar.locator('.panels').getByText('User CPU').isVisible(), csp);
      await page.close();
    }
  });
});
