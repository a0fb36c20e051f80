/* What the browser measured of this page, below what the server did. */
const STEPS = [
  ['Name look-up', 'domainLookupStart', 'domainLookupEnd'],
  ['Connecting', 'connectStart', 'connectEnd'],
  ['TLS', 'secureConnectionStart', 'connectEnd'],
  ['Waiting for the first byte', 'requestStart', 'responseStart'],
  ['Response', 'responseStart', 'responseEnd'],
  ['Reading the document', 'responseEnd', 'domInteractive'],
  ['Scripts until DOMContentLoaded', 'domInteractive', 'domContentLoadedEventEnd'],
  ['Until load', 'domContentLoadedEventEnd', 'loadEventEnd'],
];

function browserTimes() {
  const [entry] = performance.getEntriesByType('navigation');
  const body = make('tbody', {});
  for (const [title, from, to] of STEPS) {
    if (!entry || !entry[from] || entry[to] < entry[from]) continue;
    body.append(make('tr', {}, make('th', { scope: 'row' }, title),
                     make('td', {}, milliseconds(entry[to] - entry[from]))));
  }
  return body.firstChild && make('table', { class: 'pairs' }, body);
}

function addBrowserTimes(panel) {
  const add = () => {
    const place = panel.querySelector('.browser-timing');
    const table = browserTimes();
    if (!table || !place) return;
    place.replaceChildren(make('h3', {}, 'In the browser'), table);
    place.hidden = false;
  };
  if (document.readyState === 'complete') setTimeout(add);
  else addEventListener('load', () => setTimeout(add), { once: true });
}
