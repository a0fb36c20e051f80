/*
 * The toolbar's own pages, on top of what works without a script: they follow the theme that was
 * chosen in the toolbar, and the history is live, filters, compares and copies.
 *
 * New rows come from the history page itself, parsed by XMLHttpRequest, so that one place makes
 * them and no string ever becomes markup here: that works under Trusted Types.
 */
const POLL_MS = 1000;
const POLL_MAXIMUM_MS = 30000; /* after errors */
const COPIED_MS = 1200;

/* Before the first paint. Storage may be blocked, or hold something else. */
try {
  const { theme } = JSON.parse(localStorage.getItem('debug-toolbar')) || {};
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  /* The system's theme, then. */
}

document.addEventListener('DOMContentLoaded', () => {
  if (document.body.classList.contains('history')) history();
});

function history() {
  const filters = document.querySelector('.filters');
  const output = filters.querySelector('output');
  const compare = filters.querySelector('.compare');
  const state = document.querySelector('.state');
  const none = document.querySelector('.none');
  const body = document.querySelector('.requests tbody');
  const base = new URL('.', location.href);
  let wait = POLL_MS;
  let timer = 0;
  let busy = false;

  const rows = () => [...body.rows];
  const chosen = () => rows().filter((row) => row.querySelector('input').checked);

  /* Filters; what they say is in the address too. */

  function matches(row, now) {
    const { url, method, status, time } = filters.elements;
    return row.dataset.url.toLowerCase().includes(url.value.toLowerCase())
      && (!method.value || row.dataset.method === method.value)
      && row.dataset.status.startsWith(status.value)
      && (!time.value || now - row.dataset.time <= time.value * 1000);
  }

  function offerMethods() {
    const { method } = filters.elements;
    const known = [...method.options].map((option) => option.value);
    for (const row of rows()) {
      if (known.includes(row.dataset.method)) continue;
      known.push(row.dataset.method);
      method.add(new Option(row.dataset.method));
    }
  }

  function show() {
    const now = Date.now();
    let shown = 0;
    for (const row of rows()) {
      row.hidden = !matches(row, now);
      if (!row.hidden) shown += 1;
    }
    const all = body.rows.length;
    const text = shown === all ? `${all} request${all === 1 ? '' : 's'}` : `${shown} of ${all} requests`;
    if (output.value !== text) output.value = text;
    none.hidden = shown > 0 || all === 0;
    showChosen();
  }

  function showChosen() {
    const two = chosen();
    for (const row of rows()) {
      const input = row.querySelector('input');
      row.classList.toggle('chosen', input.checked);
      input.disabled = two.length === 2 && !input.checked;
    }
    compare.setAttribute('aria-disabled', String(two.length !== 2));
    compare.title = two.length === 2 ? 'Compare the two requests' : 'Choose two requests to compare';
    if (two.length === 2) {
      /* The older one first. */
      compare.href = new URL(`compare/${two[1].dataset.id}/${two[0].dataset.id}`, base).href;
    } else {
      compare.removeAttribute('href');
    }
  }

  function remember() {
    const query = new URLSearchParams();
    for (const { name, value } of filters.elements) {
      if (name && value) query.set(name, value);
    }
    const text = query.toString();
    window.history.replaceState(null, '', text ? `?${text}` : location.pathname);
  }

  function recall() {
    const { method } = filters.elements;
    for (const [name, value] of new URLSearchParams(location.search)) {
      const element = filters.elements[name];
      if (element === method && value && ![...method.options].some((o) => o.value === value)) {
        method.add(new Option(value));
      }
      if (element) element.value = value;
    }
  }

  filters.addEventListener('input', () => {
    remember();
    show();
  });
  filters.addEventListener('submit', (event) => event.preventDefault());
  body.addEventListener('change', showChosen);

  /* Copying */

  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

  async function copy(button) {
    const { method, url } = button.closest('tr').dataset;
    const verb = method === 'GET' ? '' : `-X ${quote(method)} `;
    const command = `curl ${verb}${quote(location.origin + url)}`;
    try {
      await navigator.clipboard.writeText(command);
      button.textContent = 'copied';
      output.value = 'Copied';
    } catch {
      button.textContent = 'not allowed';
    }
    button.classList.add('copied');
    setTimeout(() => {
      button.textContent = 'curl';
      button.classList.remove('copied');
    }, COPIED_MS);
  }

  body.addEventListener('click', (event) => {
    const button = event.target.closest('.curl');
    if (button) copy(button);
  });

  /* Live: rows that are here stay, with their focus and their choice; new ones come on top. */

  function update(fresh) {
    const here = new Map(rows().map((row) => [row.dataset.id, row]));
    const wanted = [...fresh.querySelectorAll('.requests tbody tr')];
    const ids = new Set(wanted.map((row) => row.dataset.id));
    for (const [id, row] of here) {
      if (!ids.has(id)) row.remove();
    }
    let before = body.firstElementChild;
    for (const row of wanted) {
      if (here.has(row.dataset.id)) {
        before = here.get(row.dataset.id).nextElementSibling;
      } else {
        const copied = document.importNode(row, true);
        copied.classList.add('arrived');
        body.insertBefore(copied, before);
      }
    }
    offerMethods();
    show();
  }

  function load() {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('GET', base.href);
      request.responseType = 'document';
      request.onload = () => {
        const fresh = request.status === 200 && request.response;
        if (fresh && fresh.querySelector('.requests')) resolve(fresh);
        else reject(new Error(`status ${request.status}`));
      };
      request.onerror = () => reject(new Error('no answer'));
      request.send();
    });
  }

  async function poll() {
    busy = true;
    try {
      const answer = await fetch(new URL('requests.json', base), { cache: 'no-store' });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const ids = (await answer.json()).map((request) => request.id).join();
      if (ids !== rows().map((row) => row.dataset.id).join()) update(await load());
      else if (filters.elements.time.value) show();
      wait = POLL_MS;
      state.textContent = 'live, newest first; the last 50 are kept, for ten minutes';
    } catch {
      wait = Math.min(wait * 2, POLL_MAXIMUM_MS);
      state.textContent = `no news from the server; trying again in ${wait / 1000} s`;
    }
    busy = false;
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden && !busy) timer = setTimeout(poll, wait);
  }

  document.addEventListener('visibilitychange', () => {
    wait = POLL_MS;
    plan();
  });

  document.documentElement.classList.add('live');
  filters.hidden = false;
  offerMethods();
  recall();
  show();
  plan();
}
