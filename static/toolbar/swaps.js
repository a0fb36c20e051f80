/*
 * Pages that a library swaps without loading: the element moves into the new body, and shows the
 * request that this one came with: its own <debug-toolbar>'s, or else the library's.
 */

/* The new body's element gives its contents to the one that lives on; a copy of an old body's has
 * none, but its id says whose they were. */
function adopt(fresh) {
  const template = fresh.querySelector('template');
  const from = fresh.shadowRoot || (template && template.content);
  const id = fresh.dataset.id;
  if (from && from.querySelector('.bar')) rememberView(takeView(document.adoptNode(from), id));
  if (views.has(id)) showPage(views.get(id));
  fresh.remove();
}

function settle(answered) {
  const swapped = !host.isConnected;
  let adopted = false;
  for (const element of document.querySelectorAll('debug-toolbar')) {
    if (element === host) continue;
    adopt(element);
    adopted = true;
  }
  if (!swapped) return;
  document.body.append(host);
  if (adopted || !answered || answered === page.id) return;
  loadView(answered, (view) => {
    if (view) showPage(view);
  });
}

function watchSwaps() {
  let turboId = null;
  const on = (name, watch) => {
    document.addEventListener(name, (event) => harmlessly(() => watch(event)));
  };

  on('debug-toolbar:element', (event) => {
    event.preventDefault();
    if (event.detail !== host && event.detail.isConnected) settle();
  });

  on('turbo:before-fetch-response', (event) => {
    turboId = noteResponse(event.detail.fetchResponse.response, 'GET');
  });
  on('turbo:render', () => {
    settle(turboId);
    turboId = null;
  });

  /* htmx 2 */
  on('htmx:afterSettle', (event) => settle(headerOf(event.detail.xhr, ID_HEADER)));
  on('htmx:historyRestore', () => settle());
  /* htmx 4 */
  on('htmx:after:swap', (event) => settle(event.detail.ctx.response.headers.get(ID_HEADER)));
  on('htmx:finally:swap', () => settle());
}
