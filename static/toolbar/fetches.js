/*
 * What the page fetches. Proxies leave `fetch` and XMLHttpRequest what they were to the page. Only
 * answers with the toolbar's own header count, and only headers are read: bodies stay untouched.
 */
const FETCHES_MAXIMUM = 100;
const ID_HEADER = 'debug-toolbar-id';
const fetches = new Map(); /* by their id, oldest first */
const views = new Map();
let dropped = 0;

const fetchesPanel = makeOwnPanel('own-fetches', 'Fetches');
const fetchesChip = make('span', { class: 'fetched' });

function makeOwnPanel(id, title) {
  const content = make('div', { class: 'content' });
  return make('details', { class: 'panel', id },
              make('summary', {}, make('span', {}, title), ' ', make('small', {})), content);
}

function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/* The figures are those of the Server-Timing header. */
function noteFetch(id, timing, facts) {
  const total = /(?:^|,)\s*total;dur=([\d.]+)/.exec(timing);
  const sql = /(?:^|,)\s*sql;dur=([\d.]+);desc="(\d+)/.exec(timing);
  if (!/^[0-9a-f]{32}$/.test(id) || fetches.has(id)) return;
  if (fetches.size === FETCHES_MAXIMUM) {
    fetches.delete(fetches.keys().next().value);
    dropped++;
  }
  fetches.set(id, {
    id, ...facts, ms: total && Number(total[1]), queries: sql && Number(sql[2]),
  });
  showFetches();
}

/* Gives the id; null: it is none of ours. */
function noteResponse({ headers, status, url }, method) {
  const id = headers.get(ID_HEADER);
  if (id) noteFetch(id, headers.get('Server-Timing'), { method, url, status });
  return id;
}

function milliseconds(ms) {
  return ms === null ? '' : `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`;
}

function shortUrl(url) {
  const parsed = new URL(url, location.href);
  return parsed.origin === location.origin ? parsed.pathname + parsed.search : url;
}

function fetchRow(fetched) {
  const link = make('a', { href: `${prefix}/requests/${fetched.id}`, target: '_blank' },
                    shortUrl(fetched.url));
  const status = make('td', {}, String(fetched.status));
  if (fetched.status >= 400) status.className = 'bad';
  if (shown.id === fetched.id) link.ariaCurrent = true;
  return make('tr', {},
              make('td', {}, make('b', { class: 'method' }, fetched.method)),
              make('th', { scope: 'row' }, link), status,
              make('td', {}, fetched.queries === null ? '' : String(fetched.queries)),
              make('td', {}, milliseconds(fetched.ms)));
}

function showFetches() {
  const total = fetches.size + dropped;
  if (!total) return;
  const head = make('tr', {});
  for (const title of ['Method', 'URL', 'Status', 'Queries', 'Time']) {
    head.append(make('th', { scope: 'col' }, title));
  }
  const body = make('tbody', {});
  for (const fetched of fetches.values()) body.prepend(fetchRow(fetched));
  const content = fetchesPanel.querySelector('.content');
  content.replaceChildren(
    make('p', { class: 'note' }, 'Made by this page, newest first. Open one to see its panels here.'),
    make('table', { class: 'fetches' }, make('thead', {}, head), body));
  if (dropped) content.append(make('p', { class: 'note' }, `${dropped} older ones are left out.`));
  fetchesPanel.querySelector('small').textContent = total;
  fetchesChip.textContent = counted(total, 'fetch', 'fetches');
  bar.append(fetchesChip);
  if (ownPanels.has(fetchesPanel)) {
    nameTab(fetchesPanel);
  } else {
    ownPanels.add(fetchesPanel);
    showPanels();
  }
}

/* Opening another request in place */

function rememberView(view) {
  views.delete(view.id);
  views.set(view.id, view);
  if (views.size > 20) views.delete(views.keys().next().value);
}

function loadView(id, done) {
  if (views.has(id)) {
    done(views.get(id));
    return;
  }
  ask(`/requests/${id}`, 'document', (answer, error) => {
    const template = answer?.querySelector('debug-toolbar template');
    if (!template) {
      done(null, error);
      return;
    }
    const view = takeView(document.adoptNode(template.content), id);
    rememberView(view);
    done(view);
  });
}

function openInPlace(link, id) {
  say('Loading');
  loadView(id, (view, error) => {
    if (view) {
      showView(view);
      select(shown.panels[0], false);
      selectedTab().focus();
      showFetches();
    } else {
      say(`${error} `, make('a', { href: link.href, target: '_blank', rel: 'noopener' },
                            'Open it in a new tab'));
    }
  });
}

root.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  const id = link && /\/requests\/([0-9a-f]{32})$/.exec(link.getAttribute('href'))?.[1];
  if (!id || ownPage || link.closest('.message') || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openInPlace(link, id);
});

/* Watching. Nothing here may throw into the page. */

function harmlessly(watch) {
  try {
    watch();
  } catch {
    /* A page that breaks its own objects gets no list. */
  }
}

function methodOf(input, options) {
  const given = options && Object.getOwnPropertyDescriptor(options, 'method')?.value;
  if (typeof given === 'string') return given.toUpperCase();
  return input instanceof Request ? input.method : 'GET';
}

const { then } = Promise.prototype;

/* The page gets a promise of the same kind, so that one it does not handle is still reported. */
function watchFetch(target, self, args) {
  const promise = Reflect.apply(target, self, args);
  if (!(promise instanceof Promise)) return promise;
  return Reflect.apply(then, promise, [(response) => {
    harmlessly(() => noteResponse(response, methodOf(...args)));
    return response;
  }]);
}

const methods = new WeakMap();
const nativeHeaders = NativeRequest.prototype.getAllResponseHeaders;
const listen = EventTarget.prototype.addEventListener;

/* Asking for one header by name would complain where another origin keeps it secret. */
function headerOf(request, name) {
  for (const line of nativeHeaders.call(request).split('\r\n')) {
    if (line.startsWith(`${name}: `)) return line.slice(name.length + 2);
  }
  return null;
}

function noteRequest(request) {
  harmlessly(() => {
    const id = headerOf(request, ID_HEADER);
    if (id) {
      noteFetch(id, headerOf(request, 'server-timing'), {
        method: methods.get(request), url: request.responseURL, status: request.status,
      });
    }
  });
}

function watchOpen(target, self, args) {
  const result = Reflect.apply(target, self, args);
  harmlessly(() => {
    if (!methods.has(self)) listen.call(self, 'loadend', () => noteRequest(self));
    if (typeof args[0] === 'string') methods.set(self, args[0].toUpperCase());
  });
  return result;
}

if (!ownPage) {
  harmlessly(() => {
    window.fetch = new Proxy(window.fetch, { apply: watchFetch });
    NativeRequest.prototype.open = new Proxy(nativeOpen, { apply: watchOpen });
  });
}
