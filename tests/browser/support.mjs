// Starts the demo server and a real browser for the tests beside this file.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const HERE = dirname(fileURLToPath(import.meta.url));
const EXTENSION = join(HERE, '..', '..', 'demo', 'extension');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

if (!existsSync(CHROMIUM)) {
  console.log(`SKIP: there is no browser at ${CHROMIUM}`);
  process.exit(77);
}

export const KEY = randomBytes(16).toString('hex');

// A started demo: its two addresses, and stop(), which waits for it to end and checks that it
// ended well.
export async function startDemo(...options) {
  const scratch = mkdtempSync(join(tmpdir(), 'toolbar-browser-'));
  const keyFile = join(scratch, 'key');
  writeFileSync(keyFile, `${KEY}\n`, { mode: 0o600 });
  const demo = spawn(process.env.TOOLBAR_DEMO, [
    '--https-port', '0', '--http-port', '0', '--secret-key-file', keyFile,
    '--database', join(scratch, 'people.sqlite'), '--certificates', join(scratch, 'certificates'),
    ...options,
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => demo.on('exit', (code) => resolve(code)));
  const lines = createInterface({ input: demo.stdout })[Symbol.asyncIterator]();
  const https = new URL((await lines.next()).value).origin;
  const http = new URL((await lines.next()).value).origin;
  return {
    https,
    http,
    async stop() {
      demo.kill('SIGTERM');
      const code = await ended;
      rmSync(scratch, { recursive: true });
      if (code !== 0) throw new Error(`the demo server ended with ${code}`);
    },
  };
}

// The server of pages.c. page() gives the URL of a page with that body.
export async function startPages() {
  const scratch = mkdtempSync(join(tmpdir(), 'toolbar-pages-'));
  const server = spawn(process.env.TOOLBAR_PAGES, [scratch, join(HERE, 'node_modules')],
                       { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.on('exit', (code) => resolve(code)));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const { origin } = new URL((await lines.next()).value);
  return {
    origin,
    page: (values = {}) => `${origin}/page?${new URLSearchParams(values)}`,
    file: (name) => `/file/${name}`,
    async stop() {
      server.stdin.end();
      const code = await ended;
      rmSync(scratch, { recursive: true });
      if (code !== 0) throw new Error(`the server of the pages ended with ${code}`);
    },
  };
}

// Waits until the toolbar's script has run.
export async function ready(page) {
  const toolbar = page.locator('debug-toolbar');
  await toolbar.locator('.toolbar.tabbed').waitFor({ state: 'attached' });
  return toolbar;
}

// A browser with a profile of its own; close() removes it.
export async function startBrowser({ extension = false, ...options } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'toolbar-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: false,
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
    args: [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ...(extension ? [`--disable-extensions-except=${EXTENSION}`, `--load-extension=${EXTENSION}`]
        : ['--disable-extensions']),
    ],
    ...options,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

// A page that remembers what the browser complained about.
export async function newPage(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    // A style sheet that is opened by itself names no icon, so the browser asks for this one.
    if (message.type() !== 'error' || message.location().url.endsWith('/favicon.ico')) return;
    page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

// The extension's identity, from its service worker.
export async function extensionOrigin(context) {
  const worker = context.serviceWorkers()[0] ?? await context.waitForEvent('serviceworker');
  return `chrome-extension://${new URL(worker.url()).host}`;
}
