/*
 * The toolbar's own pages follow the theme that was chosen, and the history is live, filters,
 * compares and copies. New rows come from the history page itself, parsed by XMLHttpRequest: one
 * place makes them, and no string becomes markup here.
 */
const POLL_MS = 1000;
const POLL_MAXIMUM_MS = 30000; /* after errors */
const COPIED_MS = 1200;

/* Before the first paint; the third word is the theme. Storage may be blocked. */
try {
  document.documentElement.dataset.theme = localStorage.getItem('debug-toolbar').split(' ')[2];
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
  const kept = state.textContent;
  const none = document.querySelector('.none');
  const body = document.querySelector('.requests tbody');
  const base = new URL('.', location.href);
  let wait = POLL_MS;
  let timer = 0;
  let busy = false;

  const rows = () => [...body.rows];

  /* Filters; what they say is in the address too. */

  function matches(row, now) {
    const { url, method, status, time, advice } = filters.elements;
    return row.dataset.url.toLowerCase().includes(url.value.toLowerCase())
      && (!method.value || row.dataset.method === method.value)
      && row.dataset.status.startsWith(status.value)
      && row.dataset.advice >= advice.value
      && (!time.value || now - row.dataset.time <= time.value * 1000);
  }

  function offerMethod(name) {
    const { method } = filters.elements;
    if (![...method.options].some((option) => option.value === name)) method.add(new Option(name));
  }

  function show() {
    const now = Date.now();
    let shown = 0;
    for (const row of rows()) {
      offerMethod(row.dataset.method);
      row.hidden = !matches(row, now);
      if (!row.hidden) shown++;
    }
    const all = body.rows.length;
    const text = shown === all ? `${all} request${all === 1 ? '' : 's'}` : `${shown} of ${all} requests`;
    if (output.value !== text) output.value = text;
    none.hidden = shown > 0 || all === 0;
    showChosen();
  }

  function showChosen() {
    const chosen = rows().filter((row) => row.querySelector('input').checked);
    const two = chosen.length === 2;
    for (const row of rows()) {
      row.classList.toggle('chosen', chosen.includes(row));
      row.querySelector('input').disabled = two && !chosen.includes(row);
    }
    compare.ariaDisabled = !two;
    compare.title = two ? 'Compare the two requests' : 'Choose two requests to compare';
    compare.removeAttribute('href');
    /* The older one first. */
    if (two) compare.href = `${base.pathname}compare/${chosen[1].dataset.id}/${chosen[0].dataset.id}`;
  }

  function remember() {
    const query = new URLSearchParams();
    for (const { name, value } of filters.elements) if (name && value) query.set(name, value);
    window.history.replaceState(null, '', `?${query}`);
  }

  function recall() {
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name === 'method') offerMethod(value);
      if (filters.elements[name]) filters.elements[name].value = value;
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
    setTimeout(() => { button.textContent = 'curl'; }, COPIED_MS);
  }

  body.addEventListener('click', (event) => {
    const button = event.target.closest('.curl');
    if (button) copy(button);
  });

  /* Live: rows that are here stay, with their focus and their choice; new ones come on top. */

  function update(fresh) {
    const here = new Map(rows().map((row) => [row.dataset.id, row]));
    const wanted = [...fresh.querySelectorAll('.requests tbody tr')];
    for (const row of rows()) {
      if (!wanted.some((other) => other.dataset.id === row.dataset.id)) row.remove();
    }
    let before = body.firstElementChild;
    for (const row of wanted) {
      if (here.has(row.dataset.id)) {
        before = here.get(row.dataset.id).nextElementSibling;
      } else {
        body.insertBefore(document.importNode(row, true), before);
      }
    }
    show();
  }

  function load() {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('GET', base);
      request.responseType = 'document';
      request.onloadend = () => {
        if (request.response?.querySelector('.requests')) resolve(request.response);
        else reject();
      };
      request.send();
    });
  }

  async function poll() {
    busy = true;
    try {
      const answer = await fetch(new URL('requests.json', base), { cache: 'no-store' });
      const ids = (await answer.json()).map((request) => request.id);
      if (String(ids) !== String(rows().map((row) => row.dataset.id))) update(await load());
      else if (filters.elements.time.value) show();
      wait = POLL_MS;
      state.textContent = `live, ${kept}`;
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
  recall();
  show();
  plan();
}
